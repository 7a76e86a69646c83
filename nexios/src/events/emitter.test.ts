import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { Emitter } from "./emitter.ts";

interface Events {
  "notification.created": { readonly text: string };
  "notification.read": number;
  "auction.lot.sold": { readonly lot: string };
  started: undefined;
}

/** Reports of a kind that are made while `run` runs. */
async function reportsOf(kind: string, run: () => unknown): Promise<unknown[]> {
  const reports: unknown[] = [];
  const listener = (fields: unknown): void => void reports.push(fields);
  subscribe(`nexios:${kind}`, listener);
  try {
    await run();
  } finally {
    unsubscribe(`nexios:${kind}`, listener);
  }
  return reports;
}

test("a listener gets the payload and the name of its events, and of no others", async () => {
  const events = new Emitter<Events>();
  const heard: unknown[] = [];
  events.on("notification.created", (payload, name) => void heard.push([payload.text, name]));

  const report = await events.emit("notification.created", { text: "hello" });
  const other = await events.emit("notification.read", 1);

  expect(heard).toEqual([["hello", "notification.created"]]);
  expect([report, other]).toEqual([
    { called: 1, failures: [] },
    { called: 0, failures: [] },
  ]);
});

test("names and payloads are checked by the compiler", async () => {
  const events = new Emitter<Events>();
  const calls = [
    // @ts-expect-error there is no such event
    () => events.on("notification.deleted", () => undefined),
    // @ts-expect-error the payload of this event is a number
    () => events.on("notification.read", (payload: string) => void payload),
    // @ts-expect-error a text is missing
    () => events.emit("notification.created", {}),
    // @ts-expect-error a pattern is nothing that happens
    () => events.emit("notification.*", 1),
    // @ts-expect-error what is heard may be either of two
    () => events.on("notification.*", (payload: number) => void payload),
    () => events.on("notification.*", (payload: number | { readonly text: string }) => void payload),
    () => events.on("auction.**", (payload: { readonly lot: string }) => void payload),
    () => events.on("*.lot.*", (payload) => void payload.lot.length),
    // @ts-expect-error there is no such event in this namespace
    () => events.namespace("auction").emit("notification.read", 1),
    // @ts-expect-error the payload of this event is another
    () => events.namespace("auction").on("lot.sold", (payload: number) => void payload),
    () => events.namespace("auction").on("lot.sold", (payload) => void payload.lot.length),
  ];

  expect(calls.length).toBe(11);
});

test("once listens to one event, even when two are emitted at once", async () => {
  const events = new Emitter<Events>();
  const heard: number[] = [];
  events.on("notification.read", () => Promise.resolve(), { priority: "highest" });
  events.once("notification.read", (payload) => void heard.push(payload));

  await Promise.all([events.emit("notification.read", 1), events.emit("notification.read", 2)]);
  await events.emit("notification.read", 3);

  expect(heard).toEqual([1]);
  expect(events.listenerCount("notification.read")).toBe(1);
});

test("off ends one listener, or all of a pattern, or nothing for a stranger", async () => {
  const events = new Emitter<Events>();
  const heard: string[] = [];
  const [a, b, stranger] = ["a", "b", "stranger"].map((name) => (): void => void heard.push(name)) as [() => void, () => void, () => void];
  for (const listener of [a, b]) events.on("notification.read", listener);
  events.on("notification.*", a);

  events.off("notification.read", stranger);
  events.off("notification.read", a);
  await events.emit("notification.read", 1);
  const first = heard.splice(0);
  events.off("notification.*");
  events.off("notification.read");
  events.off("started");
  await events.emit("notification.read", 2);

  expect(first).toEqual(["b", "a"]);
  expect(heard).toEqual([]);
});

test("what `on` returns ends that listening alone, and a second call does nothing", async () => {
  const events = new Emitter<Events>();
  let count = 0;
  const listener = (): void => void count++;
  const stop = events.on("notification.read", listener);
  events.on("notification.read", listener);

  stop();
  stop();
  await events.emit("notification.read", 1);

  expect(count).toBe(1);
});

test("listeners run one after the other by priority, those of one priority in the order of their coming, patterns among them", async () => {
  const events = new Emitter<Events>();
  const order: string[] = [];
  const listen = (name: string) => async (): Promise<void> => {
    order.push(`${name} begins`);
    await turn();
    order.push(`${name} ends`);
  };
  events.on("notification.read", listen("lowest"), { priority: "lowest" });
  events.on("notification.read", listen("normal 1"));
  events.on("**", listen("normal 2"));
  events.on("notification.read", listen("highest"), { priority: "highest" });
  events.on("notification.*", listen("high"), { priority: "high" });
  events.on("notification.read", listen("low"), { priority: "low" });
  events.on("notification.read", listen("normal 3"), { priority: "normal" });

  const report = await events.emit("notification.read", 1);

  const names = ["highest", "high", "normal 1", "normal 2", "normal 3", "low", "lowest"];
  expect(order).toEqual(names.flatMap((name) => [`${name} begins`, `${name} ends`]));
  expect(report.called).toBe(7);
});

test("the first listener begins at once", () => {
  const events = new Emitter<Events>();
  let begun = false;
  events.on("started", () => void (begun = true));

  void events.emit("started", undefined);

  expect(begun).toBe(true);
});

test("a failing listener hurts no other; its failure is returned and reported, and emit does not reject", async () => {
  const events = new Emitter<Events>();
  const [thrown, rejected] = [new Error("thrown"), new Error("rejected")];
  const heard: number[] = [];
  events.on("notification.read", () => {
    throw thrown;
  });
  events.on("notification.*", () => Promise.reject(rejected));
  events.on("notification.read", (payload) => void heard.push(payload));

  let report: unknown;
  const reports = await reportsOf("error", async () => (report = await events.emit("notification.read", 7)));

  expect(heard).toEqual([7]);
  expect(report).toEqual({
    called: 3,
    failures: [
      { pattern: "notification.read", error: thrown },
      { pattern: "notification.*", error: rejected },
    ],
  });
  expect(reports).toEqual([
    { where: "listener to notification.read", error: thrown },
    { where: "listener to notification.*", error: rejected },
  ]);
});

test("a failure is reported when nobody awaits the emit", async () => {
  const events = new Emitter<Events>();
  events.on("started", () => Promise.reject(new Error("lost?")));

  const reports = await reportsOf("error", async () => {
    void events.emit("started", undefined);
    await turn();
  });

  expect(reports.length).toBe(1);
});

test("a once listener that fails has had its event", async () => {
  const events = new Emitter<Events>();
  events.once("started", () => {
    throw new Error("once");
  });

  const [first, second] = [await events.emit("started", undefined), await events.emit("started", undefined)];

  expect([first.failures.length, second.called]).toEqual([1, 0]);
});

test("a namespace speaks of the same events by the rest of their names", async () => {
  const events = new Emitter<Events>();
  const heard: unknown[] = [];
  const notification = events.namespace("notification");
  const listener = (payload: number, name: string): void => void heard.push([payload, name]);
  notification.on("read", listener);
  notification.once("*", (_payload, name) => void heard.push(name));
  events.namespace("auction.lot").on("sold", ({ lot }) => void heard.push(lot));
  events.on("notification.read", (payload) => void heard.push(payload));

  await notification.emit("read", 5);
  await events.emit("auction.lot.sold", { lot: "clock" });
  notification.off("read", listener);
  await events.emit("notification.read", 6);

  expect(heard).toEqual([[5, "notification.read"], "notification.read", 5, "clock", 6]);
});

test("a signal ends the listening, and one that is aborted before begins none", async () => {
  const events = new Emitter<Events>();
  const controller = new AbortController();
  const heard: number[] = [];
  events.on("notification.read", (payload) => void heard.push(payload), { signal: controller.signal });
  events.namespace("notification").on("read", (payload) => void heard.push(-payload), { signal: controller.signal });
  events.on("notification.read", () => void heard.push(0), { signal: AbortSignal.abort() });

  await events.emit("notification.read", 1);
  controller.abort();
  await events.emit("notification.read", 2);

  expect(heard).toEqual([1, -1]);
  expect(events.listenerCount("notification.read")).toBe(0);
});

test("more listeners to one pattern than `warnAt` are reported once", async () => {
  const events = new Emitter<Events>({ warnAt: 3 });

  const reports = await reportsOf("listeners", () => {
    for (let count = 0; count < 6; count++) events.on("notification.read", () => undefined);
    for (let count = 0; count < 3; count++) events.on("notification.*", () => undefined);
    for (let count = 0; count < 3; count++) events.on("auction.*", () => undefined);
  });

  expect(reports).toEqual([{ event: "notification.read", count: 4 }]);
  expect(events.listenerCount("notification.*")).toBe(3);
});

test("who begins to listen while an event is told hears the next one", async () => {
  const events = new Emitter<Events>();
  const heard: string[] = [];
  events.on("notification.read", () => {
    if (heard.length === 0) events.on("notification.read", () => void heard.push("late"));
    heard.push("first");
  });

  await events.emit("notification.read", 1);
  const first = [...heard];
  await events.emit("notification.read", 2);

  expect(first).toEqual(["first"]);
  expect(heard).toEqual(["first", "first", "late"]);
});
