import { expect, test, vi } from "vitest";
import { MemoryLog } from "../log/memory-log.ts";
import { MemoryReadings } from "../log/memory-readings.ts";
import type { NewEntry } from "../log/log.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { EventSweep } from "./event-sweep.ts";

const [hourMs, dayMs] = [3_600_000, 86_400_000];
const placed = { name: "order.placed", keepMs: dayMs };
const [ann, bob] = ["nexios/event/order.placed/ann", "nexios/event/order.placed/bob"];

interface Bench {
  readonly clock: ManualClock;
  readonly log: MemoryLog;
  readonly sweep: EventSweep;
  /** Appends so many entries now. */
  readonly emit: (log: string, count?: number) => Promise<void>;
  /** Has a subscription pass all up to an offset. */
  readonly pass: (subscription: string, log: string, offset: number) => Promise<void>;
  /** Where what is kept begins. */
  readonly firstOf: (log: string) => Promise<number | undefined>;
}

function open(...readers: readonly string[]): Bench {
  const clock = new ManualClock();
  const log = new MemoryLog({ now: () => clock.now(), newEpoch: () => crypto.randomUUID() });
  const readings = new MemoryReadings(log);
  const entry = (): NewEntry => ({ at: clock.now(), author: undefined, callId: undefined, version: 1, bytes: new Uint8Array(3), publicBytes: undefined });
  return {
    clock,
    log,
    sweep: new EventSweep({ log, readings, clock, readersOf: () => readers }),
    async emit(name, count = 1) {
      await log.append({ room: name, from: await log.head(name), keys: [] }, ({ head }) => ({
        entries: Array.from({ length: count }, entry),
        outcomes: [],
        erase: [],
        version: 1,
        wakeAt: undefined,
        callsSince: head.callsSince,
      }));
    },
    async pass(subscription, name, offset) {
      const reading = await readings.step(subscription, name, { kind: "claim", now: clock.now(), until: clock.now() + 1 });
      await readings.step(subscription, name, { kind: "advance", fence: reading?.fence ?? 0, offset, release: true });
    },
    firstOf: async (name) => (await log.head(name))?.firstOffset,
  };
}

test("events go when they are old enough and everybody has passed them, and not before", async () => {
  const { clock, sweep, emit, pass, firstOf } = open("mail", "print");
  sweep.know(placed);
  await emit(ann, 250);
  await clock.advance(dayMs + 1);
  await emit(ann, 2);

  await sweep.sweep();
  const unread = await firstOf(ann);
  await pass("mail", ann, 252);
  await pass("print", ann, 240);
  await sweep.sweep();
  const read = await firstOf(ann);
  await pass("print", ann, 252);
  await sweep.sweep();

  expect([unread, read, await firstOf(ann)]).toEqual([1, 241, 251]);
});

test("a log of which all goes is swept again when more has come", async () => {
  const { clock, log, sweep, emit, firstOf } = open();
  sweep.know(placed);
  for (let day = 0; day < 3; day++) {
    await emit(ann);
    await clock.advance(dayMs + 1);
    await sweep.sweep();
  }

  expect(await firstOf(ann)).toBe(4);
  expect((await log.head(ann))?.offset).toBe(3);
});

test("what it does not know, and the logs of others, it leaves alone", async () => {
  const { clock, sweep, emit, firstOf } = open();
  sweep.know(placed);
  const others = ["nexios/event/order.placed.late/ann", "nexios/event/other/ann", "order.placed/ann"];
  for (const log of [...others, bob]) await emit(log);

  await clock.advance(2 * dayMs);
  await sweep.sweep();

  expect(await Promise.all(others.map(firstOf))).toEqual([1, 1, 1]);
  expect(await firstOf(bob)).toBe(2);
});

test("of two of one name the longer time counts", async () => {
  const { clock, sweep, emit, firstOf } = open();
  sweep.know(placed);
  sweep.know({ ...placed, keepMs: hourMs });
  await emit(ann);

  await clock.advance(2 * hourMs);
  await sweep.sweep();

  expect(await firstOf(ann)).toBe(1);
});

test("it sweeps at its start and each hour, until it is stopped", async () => {
  const { clock, sweep, emit, firstOf } = open();
  sweep.know({ ...placed, keepMs: 0 });
  await emit(ann);
  await clock.advance(1);
  sweep.start();
  await vi.waitFor(async () => expect(await firstOf(ann)).toBe(2));

  await emit(ann);
  await clock.advance(hourMs);
  await vi.waitFor(async () => expect(await firstOf(ann)).toBe(3));
  await sweep.stop();
  await emit(ann);
  await clock.advance(2 * hourMs);

  expect(await firstOf(ann)).toBe(3);
});
