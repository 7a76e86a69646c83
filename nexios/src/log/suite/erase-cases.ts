import { appendEntries, batchOf, checkpointAt, codeOf, decode, entry, equal, erase, openEntries, room, textOf, type MakeCase, type SuiteCase } from "./kit.ts";

/** What erasing takes, and what it leaves. */
export function eraseCases(test: MakeCase): readonly SuiteCase[] {
  return [
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
    test("an erased public entry stays readable as erased when the whole of it is trimmed", async ({ log }) => {
      const written = await appendEntries(log, openEntries("abc"));
      await erase(log, [2]);

      await log.putCheckpoint(room, checkpointAt(written, 3), { offset: 3, position: 0 });

      equal((await log.readPublic(room, 0, 10)).map(toWords), [
        [1, "a", false],
        [2, "", true],
        [3, "c", false],
      ]);
    }),
    test("erasing takes the public content of an entry that is no longer kept whole", async ({ log }) => {
      const written = await appendEntries(log, [entry("a"), entry("b", "B"), entry("c", "c"), entry("d", "D")]);
      const before = await log.readPublic(room, 0, 10);
      await log.putCheckpoint(room, checkpointAt(written, 4), { offset: 3, position: 0 });

      await erase(log, [2, 3]);
      const after = await log.readPublic(room, 0, 10);

      equal(after.map(toWords), [
        [1, "", true],
        [2, "", true],
        [3, "D", false],
      ]);
      equal(
        after.map(({ check, author }) => [check, author]),
        before.map(({ check, author }) => [check, author]),
      );
      equal((await log.readPublicBefore(room, 3, 10)).map(toWords), [
        [2, "", true],
        [1, "", true],
      ]);
      equal(await codeOf(log.read(room, 1, 10)), "GAP");
    }),
    test("erasing what is gone, or was never there, changes nothing", async ({ log }) => {
      const written = await appendEntries(log, [entry("a"), ...openEntries("bc")]);
      await log.putCheckpoint(room, checkpointAt(written, 3), { offset: 2, position: 1 });
      const before = await log.head(room);

      await erase(log, [0, 1, 2, 4]);

      equal(await log.head(room), before);
      equal((await log.readPublic(room, 1, 10)).map(toWords), [[2, "c", false]]);
    }),
    test("an entry that members may no longer read, but that is kept whole, is erased too", async ({ log }) => {
      const written = await appendEntries(log, openEntries("abc"));
      await log.putCheckpoint(room, checkpointAt(written, 3), { offset: 1, position: 2 });

      await erase(log, [2]);

      equal(
        (await log.read(room, 1, 10)).map((each) => [textOf(each), each.erased]),
        [
          ["", true],
          ["c", false],
        ],
      );
      equal((await log.readPublic(room, 2, 10)).map(toWords), [[3, "c", false]]);
    }),
  ];
}

function toWords({ position, bytes, erased }: { position: number; bytes: Uint8Array; erased: boolean }): unknown {
  return [position, decode(bytes), erased];
}
