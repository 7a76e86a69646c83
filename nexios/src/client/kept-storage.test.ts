import { expect, test } from "vitest";
import { serverTime } from "./bench.fixture.ts";
import type { CallStorage } from "./call-storage.ts";
import { callOn, Disk, open, reloaded } from "./kept-calls.fixture.ts";

test("calls past their deadline are not sent either where the storage was slow to tell of them", async () => {
  const disk = new Disk();
  await reloaded(disk, 1);
  for (const kept of disk.calls.values()) disk.keep({ ...kept, deadlineAt: serverTime - 1 });
  const loaded = Promise.withResolvers<void>();
  const slow: CallStorage = {
    load: async (name) => (await loaded.promise, disk.load(name)),
    keep: (kept) => disk.keep(kept),
    forget: (callId) => disk.forget(callId),
  };

  const { bench, settled } = open(slow, { accepts: true });
  await bench.run(500);
  loaded.resolve();
  await bench.run();

  expect([bench.of("call"), settled.length]).toEqual([[], 1]);
});

test("a storage that fails costs the keeping, and no call", async () => {
  const failures: readonly CallStorage[] = [
    { load: () => Promise.reject(new Error("No disk")), keep: () => {}, forget: () => {} },
    {
      load() {
        throw new Error("No disk");
      },
      keep() {
        throw new Error("Full");
      },
      forget() {
        throw new Error("Broken");
      },
    },
    {
      load: () => Promise.resolve([]),
      // As an async function is given where nothing is awaited.
      keep: () => Promise.reject(new Error("Full")),
      forget: () => Promise.reject(new Error("Broken")),
    },
  ];
  for (const storage of failures) {
    const { bench, joined } = open(storage, { accepts: true });
    const outcome = joined.call("add", { by: 1 });
    await bench.run();

    expect([(await outcome).kind, joined.status.kind, bench.client.status.pendingCalls]).toEqual(["accepted", "live", 0]);
  }
});

test("a storage is given plain values, which any can clone, whatever a call was given", async () => {
  const disk = new Disk();
  const { bench, joined } = open(disk);
  await bench.run();
  // As libraries for pages have their states.
  joined.call("add", new Proxy({ by: 1 }, {})).catch(() => {});

  await bench.run();

  expect([...disk.calls.values()].map((kept) => structuredClone(kept).input)).toEqual([{ by: 1 }]);
});

test("a slow storage holds the room's calls back, so that what was kept goes first", async () => {
  const disk = new Disk();
  await reloaded(disk, 1);
  const loaded = Promise.withResolvers<void>();
  const slow: CallStorage = {
    load: async (name) => (await loaded.promise, disk.load(name)),
    keep: (kept) => disk.keep(kept),
    forget: (callId) => disk.forget(callId),
  };

  const { bench, joined } = open(slow);
  callOn(joined, 2);
  await bench.run(500);
  const before = [bench.of("call").length, joined.status.kind];
  loaded.resolve();
  await bench.run();

  expect([before, bench.of("call").map(({ input }) => input)]).toEqual([
    [0, "live"],
    [{ by: 1 }, { by: 2 }],
  ]);
});

test("a slow storage tells nobody of another user's calls", async () => {
  const disk = new Disk();
  await reloaded(disk, 1);
  const loaded = Promise.withResolvers<void>();
  const slow: CallStorage = {
    load: async (name) => (await loaded.promise, disk.load(name)),
    keep: (kept) => disk.keep(kept),
    forget: (callId) => disk.forget(callId),
  };

  const { bench, joined, settled } = open(slow, { userId: "bob", accepts: true });
  await bench.run(500);
  loaded.resolve();
  await bench.run(60_000);

  expect([bench.of("call"), joined.pending, settled, disk.calls.size, bench.client.status.pendingCalls]).toEqual([[], [], [], 1, 0]);
});

test("a storage that never answers is not waited for", async () => {
  const { bench, joined } = open({ load: () => new Promise(() => {}), keep: () => {}, forget: () => {} }, { accepts: true });

  const outcome = joined.call("add", { by: 1 });
  await bench.run(5_000);

  expect((await outcome).kind).toBe("accepted");
});
