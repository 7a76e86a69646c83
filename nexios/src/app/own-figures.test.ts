import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createDoorman, issue, openApp, visitRoom } from "../../../test/wire/realtime-house.ts";
import { createMemoryBroker, MemoryNetwork } from "../broker/memory-broker.ts";
import { accept } from "../contract/decision.ts";
import { type } from "../contract/type.ts";
import { defineEvent } from "../events/define-event.ts";
import { defineSubscription } from "../events/define-subscription.ts";
import type { HistogramReading } from "../metrics/reading.ts";
import { counter } from "../rooms/house.fixture.ts";
import { encodeRoomMessage } from "../rooms/room-message.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { report } from "../world/report.ts";
import { NexiosApp } from "./app.ts";
import { meterBroker } from "./metered-broker.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-figures-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** What a series of the app's metrics stands at now. */
function valueOf(app: NexiosApp, name: string, labels: Readonly<Record<string, string>> = {}): unknown {
  const family = app.metrics.read().families.find((each) => each.name === name);
  return family?.series.find((series) => JSON.stringify(series.labels) === JSON.stringify(labels))?.value;
}

test("connections, rooms, members, calls by their outcome, entries and delivery are counted", async () => {
  const app = openApp(createDoorman());
  const before = ["nexios_connections", "nexios_rooms", "nexios_members"].map((name) => valueOf(app, name));
  const [{ visitor: ann, room }, { visitor: bob }] = [await visitRoom(app, "ann"), await visitRoom(app, "bob")];
  await visitRoom(app, "bob", "words/2");

  for (const word of ["a", "b"]) await ann.say(room, word);
  const bad = ann.call(room, "say", "c");
  ann.send({ ...bad, input: 5 });
  await ann.reply(bad.id);
  await bob.heard(2);

  expect(before).toEqual([0, undefined, undefined]);
  expect(["nexios_connections", "nexios_rooms", "nexios_members"].map((name) => valueOf(app, name))).toEqual([3, 2, 3]);
  expect(["accepted", "refused", "error"].map((outcome) => valueOf(app, "nexios_calls", { outcome }))).toEqual([2, 0, 1]);
  expect(["volatile", "durable"].map((log) => valueOf(app, "nexios_entries", { log }))).toEqual([2, 0]);
  expect(valueOf(app, "nexios_delivery")).toMatchObject({ count: 2 });
  expect((valueOf(app, "nexios_log_append", { log: "volatile" }) as HistogramReading).count).toBeGreaterThanOrEqual(2);
  await app.stop();
});

test("calls of the server's own and what a durable log appends are counted too", async () => {
  await using app = new NexiosApp({ rooms: { folder } }).add(
    counter.serve({
      authorize: () => true,
      input: { add: { unchecked: true } },
      presence: { unchecked: true },
      signals: { wave: { unchecked: true } },
      decide: { add: ({ sum }, { by }) => accept({ by }, { sum: sum + by }) },
      questions: { double: ({ sum }) => sum * 2 },
    }),
  );

  await app.room(counter, { id: "1" }).call("add", { by: 5 });

  expect(valueOf(app, "nexios_calls", { outcome: "accepted" })).toBe(1);
  expect(valueOf(app, "nexios_entries", { log: "durable" })).toBe(1);
  expect(valueOf(app, "nexios_log_append", { log: "durable" })).toMatchObject({ count: 1 });
});

test("how far subscriptions are behind is read each five seconds", async () => {
  const clock = new ManualClock();
  const sold = defineEvent("lot.sold", { payload: type<string>(), key: (lot) => lot });
  const app = new NexiosApp({ rooms: { folder }, clock });
  app.add(
    defineSubscription("mails", sold, () => {
      throw new Error("not now");
    }),
  );
  await app.start();
  const shown = (name: string): unknown => valueOf(app, name, { subscription: "mails" });
  const before = shown("nexios_subscription_lag");

  await app.store.transaction((tx) => tx.emit(sold, "1"));
  await vi.waitFor(async () => expect((await app.subscriptions.lag())[0]).toMatchObject({ failing: 1 }));
  await clock.advance(5_000);

  await vi.waitFor(() => expect(shown("nexios_subscription_lag")).toBe(1));
  expect(before).toBeUndefined();
  expect([shown("nexios_subscription_failing"), shown("nexios_dead_letters")]).toEqual([1, 0]);
  expect(shown("nexios_subscription_age")).toBeGreaterThanOrEqual(4);
  await app.stop();
});

test("memory, the event loop and reports are figures of each app that runs, and nothing is counted after its stop", async () => {
  const clock = new ManualClock();
  const app = new NexiosApp({ clock, load: { loopDelayMs: () => 20, heapFraction: () => 0, close: () => undefined } });
  report("error", { where: "before", error: new Error("before the start") });
  await app.start();

  await clock.advance(1_000);
  report("error", { where: "test", error: new Error("a report") });
  const counted = valueOf(app, "nexios_reports", { kind: "error" });
  await app.stop();
  report("error", { where: "after", error: new Error("after the stop") });

  expect([counted, valueOf(app, "nexios_reports", { kind: "error" })]).toEqual([1, 1]);
  expect(valueOf(app, "nexios_loop_delay")).toMatchObject({ count: 2, min: 0.02, max: 0.02 });
  expect(valueOf(app, "nexios_loop_utilization")).toBeGreaterThanOrEqual(0);
  expect(valueOf(app, "nexios_memory_resident")).toBeGreaterThan(valueOf(app, "nexios_memory_heap") as number);
});

test("whether the other processes can be reached is a figure where the broker tells", async () => {
  const listeners: ((isConnected: boolean) => void)[] = [];
  const told = new NexiosApp({
    broker: Object.assign(createMemoryBroker(), { onConnection: (listener: (isConnected: boolean) => void) => void listeners.push(listener) }),
  });

  const values = [valueOf(told, "nexios_broker_connected")];
  for (const tell of listeners) tell(false);
  values.push(valueOf(told, "nexios_broker_connected"), valueOf(new NexiosApp(), "nexios_broker_connected"));

  expect(values).toEqual([1, 0, undefined]);
});

test("how long the broker takes is a figure where it is known, once there was a message", () => {
  let latencyMs: number | undefined;
  const app = new NexiosApp({ broker: Object.assign(createMemoryBroker(), { latencyMs: () => latencyMs }) });

  const values = [valueOf(app, "nexios_broker_latency")];
  latencyMs = 3;
  values.push(valueOf(app, "nexios_broker_latency"), valueOf(new NexiosApp(), "nexios_broker_latency"));

  expect(values).toEqual([undefined, 0.003, undefined]);
});

test("messages from other processes are counted by what they are of, and only those that this process asks for", async () => {
  const network = new MemoryNetwork();
  const other = network.join();
  await using app = new NexiosApp();
  const presence = encodeRoomMessage({ kind: "presence", bytes: Uint8Array.of() });
  const signal = encodeRoomMessage({ kind: "signal", name: "wave", userId: "ann", payload: Uint8Array.of() });
  const broker = meterBroker(network.join(), app.metrics);
  for (const topic of ["room/chat/1", "group:a", "channels:a", "nexios/processes", "mine"]) await broker.subscribe(topic, () => undefined);

  for (const topic of ["group:a", "group:b", "channels:a", "channels:b", "room/chat/2", "nexios/processes", "mine"]) other.publish(topic, Uint8Array.of(0, 1));
  for (const message of [presence, signal, signal]) other.publish("room/chat/1", message);
  await Promise.resolve();

  const counted = ["room", "presence", "group", "channel", "processes", "other"].map((kind) => valueOf(app, "nexios_broker_received", { kind }));
  expect(counted).toEqual([2, 1, 1, 1, 1, 1]);
  expect(valueOf(new NexiosApp(), "nexios_broker_received", { kind: "room" })).toBeUndefined();
});

test("a broker that is counted says as before whether there is anybody else to tell", async () => {
  const network = new MemoryNetwork();
  const { metrics } = new NexiosApp();
  const broker = meterBroker(network.join(), metrics);
  const alone = broker.hasOthers?.();
  network.join();

  expect([alone, broker.hasOthers?.()]).toEqual([false, true]);
});

test("two apps may count in one registry", async () => {
  const first = new NexiosApp();
  const second = openApp(createDoorman(), { metrics: first.metrics });
  await visitRoom(second, "ann");
  await issue(second, "ann");

  expect(valueOf(first, "nexios_connections")).toBe(1);
  await second.stop();
});
