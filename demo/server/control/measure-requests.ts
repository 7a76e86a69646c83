import type { Clock, NexiosApp } from "nexios";
import { FailedShare } from "./failed-share.ts";

const firstFailure = 500;
/** Those that there are, so that each is 0 before the first. */
const classes = ["2xx", "3xx", "4xx", "5xx"];

/** Measures each HTTP request that is added behind it: how many by class of status, how long they take, and which share of them has failed. */
export function measureRequests(app: NexiosApp, clock: Pick<Clock, "now" | "monotonic">): void {
  const { metrics } = app;
  const share = new FailedShare();
  const requests = metrics.counter("saleroom_requests", { help: "Requests that were answered, by class of status" });
  const times = metrics.histogram("saleroom_request_time", { help: "From a request to its answer", unit: "seconds" });
  const timesByClass = metrics.histogram("saleroom_request_time_by_class", { help: "The same, by class of status", unit: "seconds" });
  metrics.gauge("saleroom_failed_requests", {
    help: "Of the answers of the last minute: the share with a status of 500 or more",
    unit: "ratio",
    // Of several processes the worst is shown.
    merge: "max",
    read: () => share.read(clock.now()),
  });
  const series = new Map(classes.map((name) => [name, { requests: requests.with({ class: name }), times: timesByClass.with({ class: name }) }]));
  app.use(async (c, next) => {
    // A WebSocket is open for as long as its page is.
    if (c.env.upgrade !== undefined) return next();
    const begun = clock.monotonic();
    await next();
    const seconds = (clock.monotonic() - begun) / 1_000;
    const { status } = c.res;
    const ofClass = series.get(`${Math.floor(status / 100)}xx`);
    ofClass?.requests.add();
    ofClass?.times.record(seconds);
    times.record(seconds);
    share.note(clock.now(), status >= firstFailure);
    return undefined;
  });
}
