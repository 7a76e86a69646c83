import {
  appended,
  appendEntries,
  appendFrom,
  batchOf,
  checkpointAt,
  codeOf,
  decode,
  entry,
  equal,
  fail,
  knownOf,
  outcome,
  requireHead,
  room,
  textOf,
  type MakeCase,
  type SuiteCase,
} from "./kit.ts";

/** Checkpoints, trimming, erasing and sizes. */
export function checkpointCases(test: MakeCase): readonly SuiteCase[] {
  return [
    test("a checkpoint replaces only an older one", async ({ log }) => {
      const { entries, head } = await appendEntries(
        log,
        ["a", "b", "c"].map((text) => entry(text, text)),
      );

      const kept = [];
      for (const index of [1, 0, 1, 2]) kept.push(await log.putCheckpoint(room, checkpointAt(entries[index]!, head, `state ${index}`), 0));
      const checkpoint = await log.checkpoint(room);

      equal(kept, [true, false, false, true]);
      equal([checkpoint?.offset, checkpoint?.position, decode(checkpoint?.bytes ?? new Uint8Array())], [3, 3, "state 2"]);
    }),
    test("trimming never passes the kept checkpoint, and what is left is counted on", async ({ log }) => {
      const { entries, head } = await appendEntries(log, [entry("a", "A"), entry("b"), entry("c", "C"), entry("d", "D")]);

      await log.putCheckpoint(room, checkpointAt(entries[2]!, head, "state"), 100);
      const after = await requireHead(log);

      equal([after.firstOffset, after.firstPosition, after.offset, after.position], [4, 3, 4, 3]);
      equal((await log.read(room, 3, 10)).map(textOf), ["d"]);
      equal(
        (await log.readPublic(room, 2, 10)).map(({ position }) => position),
        [3],
      );
      equal((await appendFrom(log, head, [entry("e", "E")])).head.position, 4);
    }),
    test("a read below the first kept entry fails, and never gives the rest", async ({ log }) => {
      const { entries, head } = await appendEntries(
        log,
        ["a", "b", "c"].map((text) => entry(text, text)),
      );
      await log.putCheckpoint(room, checkpointAt(entries[1]!, head, "state"), 2);

      equal(await codeOf(log.read(room, 0, 10)), "GAP");
      equal(await codeOf(log.read(room, 1, 10)), "GAP");
      equal(await codeOf(log.readPublic(room, 1, 10)), "GAP");
      equal((await log.append({ room, from: undefined, keys: [] }, fail)).kind, "behind");
    }),
    test("outcomes stay when the entries that they tell of are trimmed", async ({ log }) => {
      const { entries, head } = await appended(
        log.append({ room, from: undefined, keys: [] }, ({ head: at }) => ({ ...batchOf(at, [entry("a")]), outcomes: [outcome("k", "yes")] })),
      );

      await log.putCheckpoint(room, checkpointAt(entries[0]!, head, "state"), 1);

      equal([...(await knownOf(log, ["k"], room, await requireHead(log))).keys()], ["k"]);
    }),
    test("a checkpoint of another past is not kept", async ({ log }) => {
      const { entries, head } = await appendEntries(log, [entry("a")]);
      const good = checkpointAt(entries[0]!, head, "state");

      equal(await log.putCheckpoint(room, { ...good, check: good.check ^ 1 }, 1), false);
      equal(await log.putCheckpoint(room, { ...good, epoch: "another" }, 1), false);
      equal(await log.putCheckpoint(room, { ...good, offset: 2 }, 1), false);
      equal(await log.putCheckpoint("nobody", good, 1), false);
      equal((await log.read(room, 0, 10)).length, 1);
    }),
    test("what is erased keeps its place, position and check, and loses its content", async ({ log }) => {
      const { entries } = await appendEntries(log, [entry("a", "A"), entry("secret", "SECRET"), entry("c")]);

      await log.append({ room, from: undefined, keys: [] }, ({ head }) => ({ ...batchOf(head, [entry("erased 2", "erased 1")]), erase: [2] }));
      const after = await log.read(room, 0, 10);

      equal(
        after.map((each) => [textOf(each), each.erased]),
        [
          ["a", false],
          ["", true],
          ["c", false],
          ["erased 2", false],
        ],
      );
      equal(
        after.slice(0, 3).map(({ offset, check, public: part }) => [offset, check, part?.position, part?.check]),
        entries.map(({ offset, check, public: part }) => [offset, check, part?.position, part?.check]),
      );
      equal(
        (await log.readPublic(room, 0, 10)).map(({ bytes, erased }) => [decode(bytes), erased]),
        [
          ["A", false],
          ["", true],
          ["erased 1", false],
        ],
      );
    }),
    test(
      "past its size a log refuses entries by a code until it is trimmed",
      async ({ log }) => {
        const { entries, head } = await appendEntries(
          log,
          ["a", "b", "c"].map((text) => entry(text)),
        );

        const full = await codeOf(appendEntries(log, [entry("d")]));
        await log.putCheckpoint(room, checkpointAt(entries[1]!, head, "state"), 2);
        const after = await appendFrom(log, head, [entry("d")]);

        equal([full, after.head.offset], ["LIMIT", 4]);
      },
      { roomEntries: 3 },
    ),
    test(
      "the bytes of a room are bounded too",
      async ({ log }) => {
        await appendEntries(log, [entry("1234567890")]);

        equal(await codeOf(appendEntries(log, [entry("1234567890", "1")])), "LIMIT");
        equal((await appendEntries(log, [entry("1234567890")])).head.offset, 2);
      },
      { roomBytes: 20 },
    ),
  ];
}
