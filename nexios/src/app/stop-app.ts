import type { Broker } from "../broker/broker.ts";
import type { ChannelBox } from "../channels/channel-box.ts";
import { closeCodes } from "../protocol/codes.ts";
import type { Awaitable } from "../server/awaitable.ts";
import type { Health } from "../health/health.ts";
import type { Edge } from "../server/edge.ts";
import type { Listener } from "../server/listener.ts";
import { endsWithin } from "../world/clock.ts";
import { report } from "../world/report.ts";
import type { AppRooms } from "./app-rooms.ts";
import { returnWithinMs, toCutAfterMs, toDrainTimes, unwindMs } from "./stop-times.ts";
import type { Tickers } from "./ticker.ts";

export type Hook = () => Awaitable<void>;

export interface StopOptions {
  /** After so long, what is still open is cut. 5 s unless given; 10 s where clients are sent elsewhere. */
  readonly deadlineMs?: number;
  /** Of the deadline, so long is for sending clients elsewhere, each at its own moment, where other processes have the rooms too. 8 s, and at most four fifths of the deadline, unless given; 0 for an app that is alone. */
  readonly drainMs?: number;
  /** Before anything is closed the app is not ready for so long, and does all else as before: until the load balancer has noticed. The deadline begins behind it. 0 unless given. */
  readonly notReadyMs?: number;
}

/** What of an app is to be stopped. */
export interface RunningApp {
  readonly health: Health;
  readonly edge: Edge;
  readonly listener: Listener | undefined;
  readonly tickers: Tickers;
  readonly channels: ChannelBox;
  readonly rooms: AppRooms;
  /** `undefined` where nobody else is behind it. */
  readonly broker: Broker | undefined;
  /** While rooms and store still answer. */
  readonly drainedHooks: readonly Hook[];
  readonly stopHooks: readonly Hook[];
  /** From 0 to 1, to spread the return of clients. */
  readonly random: () => number;
}

/** @throws TypeError for a time that is none */
export function requireStopTimes({ notReadyMs = 0, drainMs = 0, deadlineMs = Infinity }: StopOptions): void {
  for (const [name, ms] of Object.entries({ notReadyMs, drainMs }))
    if (!(ms >= 0 && Number.isFinite(ms))) throw new TypeError(`${name} is a number of milliseconds, 0 or more, not ${ms}`);
  if (drainMs > deadlineMs) throw new TypeError(`drainMs is a part of deadlineMs: ${drainMs} is more than ${deadlineMs}`);
}

/** Ends an app in good order, as far as there is time: it is not ready any more, then clients are sent elsewhere, then connections, then calls to rooms, then the stop hooks. */
export async function stopApp(app: RunningApp, { notReadyMs = 0, ...times }: StopOptions): Promise<void> {
  const { edge, listener, random, health } = app;
  const { clock, connections, admission } = edge;
  health.drain();
  // Nobody is sent here who would have to be told.
  if (notReadyMs > 0 && listener?.server.listening === true) await new Promise<void>((resolve) => void clock.after(notReadyMs, resolve));
  listener?.closeDoor(health.paths);
  const { drainMs, deadlineMs: withinMs } = toDrainTimes(times, app.rooms.isAlone);
  const deadlineMs = drainMs > 0 ? Math.max(0, withinMs - (await sendAway(app, drainMs))) : withinMs;
  const startedAt = clock.monotonic();
  app.tickers.stop();
  health.stop();
  const reason = (): string => String(Math.floor(random() * returnWithinMs));
  const cutAfterMs = toCutAfterMs(deadlineMs);
  // Who waits for a reply may get it, if that leaves time for a close in good order.
  connections.closeAll(closeCodes.DRAIN, reason, "settled");
  const cancelHurry = clock.after(cutAfterMs / 2, () => connections.closeAll(closeCodes.DRAIN, reason));
  const settled = listener?.settled() ?? Promise.resolve();
  const forced = (await endsWithin(clock, cutAfterMs, settled)) ? 0 : connections.destroyAll();
  cancelHurry();
  listener?.destroyAll();
  if (forced > 0) await endsWithin(clock, deadlineMs - cutAfterMs, settled);
  connections.stop();
  admission.stop();
  app.channels.stop();
  const leftMs = Math.max(unwindMs, startedAt + deadlineMs - clock.monotonic());
  if (!(await endsWithin(clock, leftMs, runStopHooks(app, toCutAfterMs(leftMs))))) {
    report("error", { where: "stop", error: new Error(`A stop hook had not ended after ${deadlineMs} ms`) });
  }
  health.close();
  report("stopped", { forced });
}

/** Has clients come back by other processes. Resolves when all have gone or their time is over, with how long it took. */
async function sendAway({ edge, rooms, random }: RunningApp, drainMs: number): Promise<number> {
  const { clock, connections } = edge;
  const startedAt = clock.monotonic();
  // Who takes the last moment of the window is on the way before the time is over.
  const windowMs = Math.floor(drainMs * 0.9);
  const dismissed = connections.dismiss({ code: closeCodes.DRAIN, withinMs: drainMs, afterMs: () => random() * windowMs });
  await Promise.all([rooms.served?.rooms.drain({ checkMs: 0, windowMs }), dismissed]);
  return clock.monotonic() - startedAt;
}

async function runStopHooks({ edge, rooms, broker, drainedHooks, stopHooks }: RunningApp, callsMs: number): Promise<void> {
  // One that hangs leaves the rooms time to close, and keeps no file open.
  const drained = (async (): Promise<void> => {
    for (const hook of drainedHooks) await runSafely("a drained hook", hook);
  })();
  if (!(await endsWithin(edge.clock, callsMs / 2, drained)))
    report("error", { where: "stop", error: new Error("A drained hook had not ended when the rooms closed") });
  await runSafely("closing the rooms", () => rooms.stop(callsMs));
  await runSafely("closing the broker", () => broker?.close());
  for (const hook of stopHooks) await runSafely("a stop hook", hook);
}

/** What fails here keeps nobody else from ending. */
export async function runSafely(where: string, run: () => Awaitable<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    report("error", { where, error });
  }
}
