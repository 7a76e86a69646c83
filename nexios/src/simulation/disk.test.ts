import { expect, test } from "vitest";
import type { Log, LogLimits, NewEntry } from "../log/log.ts";
import { logSuite } from "../log/log-suite.ts";
import { Disk, type DiskHandle } from "./disk.ts";
import { drive } from "./drive.fixture.ts";
import { createRandom } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import { VirtualClock } from "./virtual-clock.ts";

const room = "counter/1";

interface Bench {
  readonly scheduler: Scheduler;
  readonly disk: Disk;
  readonly log: DiskHandle;
}

function open({ seed = 1, durable = true, limits = {} }: { seed?: number; durable?: boolean; limits?: Partial<LogLimits> } = {}): Bench {
  const scheduler = new Scheduler();
  const disk = new Disk({ scheduler, random: createRandom(seed), durable, now: () => 1_000 + Math.floor(scheduler.now), limits });
  return { scheduler, disk, log: disk.open() };
}

function append(log: Log, onDecide: () => void = () => undefined): Promise<unknown> {
  const entry: NewEntry = { at: 1_000, author: "ann", callId: "c", version: 1, bytes: Uint8Array.of(1), publicBytes: undefined };
  return log.append({ room, from: undefined, keys: [] }, ({ head: { version, callsSince } }) => {
    onDecide();
    return { entries: [entry], outcomes: [], erase: [], version, wakeAt: undefined, callsSince };
  });
}

/** What each came to: "done", a code, or "open" while it has not settled. */
function watch(running: readonly Promise<unknown>[]): string[] {
  const outcomes = running.map(() => "open");
  for (const [index, each] of running.entries()) {
    each.then(
      () => (outcomes[index] = "done"),
      (error: unknown) => (outcomes[index] = error instanceof Error && "code" in error ? String(error.code) : String(error)),
    );
  }
  return outcomes;
}

function times(count: number, run: () => Promise<unknown>): Promise<unknown>[] {
  return Array.from({ length: count }, run);
}

let scheduler = new Scheduler();
const suite = logSuite(async ({ now, limits }) => {
  scheduler = new Scheduler();
  return new Disk({ scheduler, random: createRandom(2), durable: true, now, limits }).open();
});

test.each(suite)("while nothing is wrong, $title", async ({ run }) => {
  const running = run();

  await expect(drive(scheduler, running)).resolves.toBeUndefined();
});

test("processes share one disk, which says whether it is durable and keeps the store's time", async () => {
  const { scheduler: time, disk, log } = open({ durable: false });
  const other = disk.open();

  await drive(time, append(log));
  const head = await drive(time, other.head(room));

  expect([head?.offset, other.durable, other.now()]).toEqual([1, false, 1_000 + Math.floor(time.now)]);
  expect([disk.appends, disk.reads, disk.rooms()]).toEqual([1, 1, [room]]);
});

test("an operation takes 0.4 to 10 ms, and many times as long on a slow disk", async () => {
  const { scheduler: time, disk, log } = open();
  const durations = async (): Promise<number[]> => {
    const taken: number[] = [];
    for (let index = 0; index < 100; index++) {
      const since = time.now;
      await drive(time, log.head(room));
      taken.push(time.now - since);
    }
    return taken;
  };

  const usual = await durations();
  const slowed = [disk.slow(1_000_000, 10), disk.slow(1, 100), disk.slow(0, 2)];
  const slow = await durations();

  expect(slowed).toEqual([true, false, false]);
  expect([Math.min(...usual) >= 0.4, Math.max(...usual) <= 10, Math.max(...usual) > 7]).toEqual([true, true, true]);
  expect([Math.min(...slow) >= 4, Math.max(...slow) <= 100, Math.max(...slow) > 70]).toEqual([true, true, true]);
});

test("some appends are decided once in vain, and written once", async () => {
  const { scheduler: time, disk, log } = open();
  let decided = 0;

  await drive(time, Promise.all(times(1_000, () => append(log, () => decided++))));

  expect(disk.committed(room)).toHaveLength(1_000);
  expect(decided).toBeGreaterThan(1_025);
  expect(decided).toBeLessThan(1_075);
});

test("while the disk is failing no append is confirmed, some are written, and some reads fail", async () => {
  const { scheduler: time, disk, log } = open();

  const failing = [disk.failing(1_000), disk.failing(500)];
  const appends = watch(times(100, () => append(log)));
  const reads = watch(times(100, () => log.head(room)));
  await time.run(1_000);
  const written = disk.committed(room).length;
  await drive(time, append(log));

  expect(failing).toEqual([true, false]);
  expect(new Set(appends)).toEqual(new Set(["UNAVAILABLE"]));
  expect([written > 25, written < 75]).toEqual([true, true]);
  const failed = reads.filter((outcome) => outcome === "UNAVAILABLE").length;
  expect([failed > 15, failed < 45, new Set(reads).size]).toEqual([true, true, 2]);
  expect(disk.committed(room)).toHaveLength(written + 1);
});

test("while the disk is away nothing is written and nothing answered, not even what was written before", async () => {
  const { scheduler: time, disk, log } = open();
  const before = watch(times(100, () => append(log)));
  await time.run(2.7);

  const away = [disk.away(1_000), disk.away(500)];
  const written = disk.committed(room).length;
  const answered = before.filter((outcome) => outcome === "done").length;
  const during = watch([append(log), log.head(room), log.putCheckpoint(room, checkpoint, { offset: 0, position: 0 })]);
  await time.run(1_000);

  expect(away).toEqual([true, false]);
  expect([written > answered, disk.committed(room).length]).toEqual([true, written]);
  expect(before.filter((outcome) => outcome === "UNAVAILABLE")).toHaveLength(100 - answered);
  expect(during).toEqual(["UNAVAILABLE", "UNAVAILABLE", "UNAVAILABLE"]);
});

const checkpoint = { epoch: "", offset: 0, check: 0, position: 0, publicCheck: 0, version: 1, bytes: new Uint8Array() };

test("for a killed process nothing settles any more, and what it was appending has happened or not", async () => {
  const { scheduler: time, disk, log } = open();
  const outcomes = watch([...times(100, () => append(log)), log.head(room)]);

  log.kill();
  outcomes.push(...watch([append(log)]));
  await time.run(1_000);

  expect(new Set(outcomes)).toEqual(new Set(["open"]));
  const written = disk.committed(room).length;
  expect([written > 25, written < 75]).toEqual([true, true]);
  await expect(drive(time, disk.open().head(room))).resolves.toMatchObject({ offset: written });
});

test("a process that closes its log takes nothing from the others, and can't use it any more", async () => {
  const { scheduler: time, disk, log } = open();
  await drive(time, append(log));

  await log.close();
  const after = watch([append(log), log.head(room)]);
  await time.run(100);

  expect(after).toEqual(["UNAVAILABLE", "UNAVAILABLE"]);
  await expect(drive(time, disk.open().head(room))).resolves.toMatchObject({ offset: 1 });
});

test("a stalled process gets its answer when its loop is free, a stopped one never", async () => {
  const { scheduler: time, disk } = open();
  const clocks = [0, 1].map(() => new VirtualClock(time, { startAt: 0, skewMs: 0 }));
  const settled = clocks.map((clock) => watch([append(disk.open(clock))]));

  clocks[0]?.stall(1_000);
  clocks[1]?.stop();
  await time.run(999);
  const before = settled.flat();
  await time.run(10);

  expect([before, settled.flat()]).toEqual([
    ["open", "open"],
    ["done", "open"],
  ]);
});

test("what `decide` throws, and the log's own refusals, come back to the caller", async () => {
  const { scheduler: time, log } = open({ limits: { roomEntries: 1 } });
  const throwing = (): never => {
    throw new Error("in decide");
  };

  await expect(drive(time, append(log, throwing))).rejects.toThrow("in decide");
  await drive(time, append(log));
  await expect(drive(time, append(log))).rejects.toMatchObject({ code: "LIMIT" });
});

test("a lost tail and a wiped room are seen by every process, and counted", async () => {
  const { scheduler: time, disk, log } = open();
  const nothing = [disk.loseTail(1), disk.wipe(room)];
  await drive(time, append(log));
  await drive(time, append(log));
  const before = await drive(time, log.head(room));

  const lost = disk.loseTail(1);
  const after = await drive(time, log.head(room));
  const wiped = disk.wipe(room);
  const gone = await drive(time, log.head(room));

  expect([nothing, lost, wiped, disk.lostTails]).toEqual([[false, false], true, true, 1]);
  expect([before?.offset, after?.offset, after?.epoch === before?.epoch, gone]).toEqual([2, 1, true, undefined]);
  expect([disk.committed(room).length, disk.everCommitted(room).length]).toEqual([0, 2]);
});
