import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes, randomInt } from "node:crypto";
import { channel } from "node:diagnostics_channel";
import { type AppStore, type AppTransaction, auth, type Context, type NexiosApp, NexiosError, systemClock } from "nexios";
import { Activity } from "./activity.ts";
import { type Committed, EventWriter, type QueuedEvent } from "./event-writer.ts";
import { Door } from "./door.ts";
import { registerFigures } from "./figures.ts";
import { Ingestion } from "./ingestion.ts";
import { toActivityLimits } from "./limits.ts";
import type { ActivityOptions } from "./options.ts";
import { ActivityReading } from "./reading.ts";
import { RecentActivity } from "./recent.ts";
import { forgetOld } from "./retention.ts";
import { Salts } from "./salts.ts";
import { serveActivity, serveTrack } from "./serve-rooms.ts";
import { SharedTurn } from "./shared-turn.ts";
import { liveEvents } from "./state.ts";
import { activityMigrations, firstSharedNumber } from "./tables.ts";

const tellEveryMs = 1_000;
const settleEveryMs = 5_000;
const forgetEveryMs = 60_000;
const restoredMs = 31 * 60_000;
const reports = channel("nexios:error");

/** Counts what visitors do: adds `POST /activity`, the rooms `track/{site}` and `activity/{site}`, and the tables `activity_*`. Once for an app. @throws TypeError for limits that contradict each other, and the second time */
export function addActivity(app: NexiosApp, options: ActivityOptions = {}): Activity {
  const { site = "site", path = "/activity", auth: methods = ["jwt"], maySee = () => false, countProperties = [], onStored, clock = systemClock } = options;
  const limits = toActivityLimits(options.limits);
  const rules = { ...limits, properties: countProperties };
  // A commit is of many: whoever came first may be inside a transaction of his own, and must not have it refused to the others.
  const outside = AsyncLocalStorage.snapshot();
  const store: Pick<AppStore, "transaction"> = { transaction: (run) => outside(() => app.store.transaction(run)) };
  const processId = randomBytes(9).toString("base64url");
  const turn = app.store.isShared ? new SharedTurn(processId, limits.commitEvents + limits.batchEvents) : undefined;
  const writer = new EventWriter(limits, countProperties);
  let settling: Promise<void> | undefined;
  const recent = new RecentActivity(rules);
  const reading = new ActivityReading(app.store, settle);
  const salts = new Salts(store);
  let storeAheadMs = 0;
  /** The store's time where several processes share it, as it was measured last: a machine whose clock nobody sets counts in the same minutes. */
  const now = (): number => Math.floor(clock.now() + storeAheadMs);
  const ingestion: Ingestion = new Ingestion({ clock, limits, commit });
  const figures = registerFigures(options.metrics ?? app.metrics, {
    active: () => recent.active(now()),
    sessions: () => recent.sessions(now()),
    queued: () => ingestion.length,
    peopleMerge: turn === undefined ? "sum" : "max",
  });
  const door = new Door({ site, limits, now, salts, ingestion, figures });
  const keepMs = { summaryMs: limits.keepEventsMs, keepMinutesMs: limits.keepMinutesMs };
  const activity = new Activity({ app, site, clock: { now }, door, recent, reading, ...keepMs, shared: turn && { processId, hear: () => hearOthers(turn) } });

  /** One process after the other, where several share the store. `number` is that of no other commit. */
  async function write<Value>(run: (tx: AppTransaction, number: number) => Promise<Value>): Promise<Value> {
    let taken: number | undefined;
    try {
      return await store.transaction(async (tx) => {
        if (turn === undefined) return run(tx, randomInt(firstSharedNumber));
        if (taken !== undefined) turn.giveBack(taken);
        const { number, isHandedOver } = await turn.take(tx);
        taken = number;
        if (isHandedOver) writer.readAgain();
        return run(tx, number);
      });
    } catch (error) {
      if (taken !== undefined) turn?.giveBack(taken);
      writer.forget();
      reports.publish({ where: "a commit of addActivity", error });
      throw error;
    }
  }

  async function commit(queued: readonly QueuedEvent[]): Promise<Committed> {
    const committed = await write((tx, number) => writer.write(tx, queued, number));
    heard(committed);
    // Who is answered later sends less.
    if (writer.isFull) await settle();
    return committed;
  }

  /** Has all sessions moved on that wait now. */
  async function settle(): Promise<void> {
    await settling;
    await (settling ??= settleAll().finally(() => (settling = undefined)));
  }

  async function settleAll(): Promise<void> {
    if (!writer.isWaiting && (await turn?.isWithOthers(app.store)) !== true) return;
    do await write((tx) => writer.settle(tx));
    while (writer.isWaiting);
  }

  async function measureTime(): Promise<void> {
    if (turn !== undefined) storeAheadMs = (await app.store.now()) - clock.now();
  }

  async function hearOthers(from: SharedTurn): Promise<void> {
    await measureTime();
    recent.add(await from.hear(app.store), now());
  }

  function heard({ fresh }: Committed): void {
    if (fresh.length === 0) return;
    recent.add(fresh, now());
    figures.stored(fresh);
    runReported("onStored of addActivity", () => onStored?.(fresh));
  }

  async function restore(): Promise<void> {
    await measureTime();
    // Not `settle`: what has started the app may wait there.
    await settleAll();
    const since = now() - restoredMs;
    for (const { visitor, at } of await reading.lastSeen(since)) recent.see(visitor, at, now());
    const { counts, upTo } = await reading.counts(since);
    for (const count of counts) if (count.metric !== "session") recent.count(count, now());
    turn?.hearFrom(upTo);
    recent.show(await reading.events(0, liveEvents));
  }

  app.store.migrate(activityMigrations);
  app.add(serveActivity(site, maySee), serveTrack(site, door, limits));
  app.post(path, auth(methods, { optional: true }), async (c) => c.json(await postBatch(c, door, limits.batchBytes)));
  app.onStart(restore);
  app.every(settleEveryMs, settle);
  app.every(tellEveryMs, () => activity.tell());
  app.every(forgetEveryMs, async () => {
    await salts.forget(now());
    await forgetOld({ transaction: write }, now(), limits);
  });
  app.onDrained(() => ingestion.end());
  return activity;
}

/** The content type is not asked: a beacon sends text. */
async function postBatch(c: Context, door: Door, batchBytes: number) {
  door.requireRoom();
  if (Number(c.req.header("content-length") ?? 0) > batchBytes) throw tooLarge(batchBytes);
  const body = await c.req.arrayBuffer();
  if (body.byteLength > batchBytes) throw tooLarge(batchBytes);
  const { user } = c.var;
  const visitor = user === undefined ? (["address", c.env.address, c.req.header("user-agent") ?? ""] as const) : (["user", user.id] as const);
  return door.take(parseJson(body), visitor, body.byteLength);
}

function parseJson(body: ArrayBuffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (cause) {
    throw new NexiosError("BAD_JSON", "The body is no JSON in UTF-8", { status: 400, cause });
  }
}

function tooLarge(batchBytes: number): NexiosError {
  return new NexiosError("INVALID_MESSAGE", `A batch has at most ${batchBytes} bytes`, { status: 413 });
}

function runReported(where: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    reports.publish({ where, error });
  }
}
