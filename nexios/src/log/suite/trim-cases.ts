import type { PublicEntry } from "../log.ts";
import {
  appendEntries,
  appendFrom,
  checkpointAt,
  codeOf,
  entry,
  equal,
  fail,
  openEntries,
  requireHead,
  room,
  textOf,
  toPlace,
  type MakeCase,
  type SuiteCase,
} from "./kit.ts";

/** What a checkpoint lets go, and what is still read. */
export function trimCases(test: MakeCase): readonly SuiteCase[] {
  return [
    test("trimming never passes the kept checkpoint, and what is left is counted on", async ({ log }) => {
      const written = await appendEntries(log, [entry("a", "A"), entry("b"), entry("c", "C"), entry("d", "D")]);

      await log.putCheckpoint(room, checkpointAt(written, 3), { offset: 100, position: 100 });
      const after = await requireHead(log);

      equal([after.firstOffset, after.firstPosition, after.offset, after.position], [4, 3, 4, 3]);
      equal((await log.read(room, 3, 10)).map(textOf), ["d"]);
      equal(
        (await log.readPublic(room, 2, 10)).map(({ position }) => position),
        [3],
      );
      equal((await appendFrom(log, written.head, [entry("e", "E")])).head.position, 4);
    }),
    test("public entries outlive the whole ones, with all that members get of them", async ({ log }) => {
      const written = await appendEntries(log, [entry("a", "A"), entry("b"), entry("c", "C"), entry("d", "D"), entry("e"), entry("f", "F")]);
      const before = await log.readPublic(room, 0, 10);

      await log.putCheckpoint(room, checkpointAt(written, 5), { offset: 5, position: 1 });
      const after = await log.readPublic(room, 1, 10);
      const backwards = await log.readPublicBefore(room, 100, 10);

      equal(after.map(toWords), before.slice(1).map(toWords));
      equal(backwards.map(toWords), before.slice(1).toReversed().map(toWords));
      equal(after.map(textOf), ["C", "D", "F"]);
      equal((await log.read(room, 5, 10)).map(textOf), ["f"]);
    }),
    test("a read below the first whole entry fails, although public ones are kept, and never gives the rest", async ({ log }) => {
      const written = await appendEntries(log, openEntries("abc"));
      await log.putCheckpoint(room, checkpointAt(written, 2), { offset: 2, position: 1 });

      equal(await codeOf(log.read(room, 0, 10)), "GAP");
      equal(await codeOf(log.read(room, 1, 10)), "GAP");
      equal(await codeOf(log.readPublic(room, 0, 10)), "GAP");
      equal((await log.readPublic(room, 1, 10)).map(textOf), ["b", "c"]);
      equal((await log.append({ room, from: undefined, keys: [] }, fail)).kind, "behind");
      equal((await log.append({ room, from: toPlace(written.entries[0]!, written.head), keys: [] }, fail)).kind, "behind");
    }),
    test("hidden entries do not move what members may read", async ({ log }) => {
      const plain = await appendEntries(log, openEntries("abcdef"), "plain");
      const mixed = await appendEntries(
        log,
        openEntries("abcdef").flatMap((each) => [...Array.from({ length: 20 }, () => entry("hidden")), each]),
        "mixed",
      );

      await log.putCheckpoint("plain", checkpointAt(plain, 6), { offset: 6, position: 3 });
      await log.putCheckpoint("mixed", checkpointAt(mixed, 126), { offset: 30, position: 3 });
      const [one, other] = await Promise.all(
        ["plain", "mixed"].map(async (name) => [
          (await requireHead(log, name)).firstPosition,
          await codeOf(log.readPublic(name, 2, 10)),
          (await log.readPublic(name, 3, 10)).map(toWords),
          (await log.readPublicBefore(name, 100, 10)).map(toWords),
        ]),
      );

      equal(one, other);
      equal(one?.slice(0, 2), [4, "GAP"]);
    }),
    test("what was trimmed never comes back", async ({ log }) => {
      const written = await appendEntries(log, openEntries("abcdef"));
      await log.putCheckpoint(room, checkpointAt(written, 4), { offset: 4, position: 2 });

      await log.putCheckpoint(room, checkpointAt(written, 5), { offset: 1, position: 1 });
      const same = await requireHead(log);
      await log.putCheckpoint(room, checkpointAt(written, 6), { offset: 6, position: 1 });
      const last = await requireHead(log);

      equal([same.firstOffset, same.firstPosition, last.firstOffset, last.firstPosition], [5, 3, 7, 3]);
      equal(await log.read(room, 6, 10), []);
      equal((await log.readPublic(room, 2, 10)).map(textOf), ["c", "d", "e", "f"]);
    }),
    test("where the trimmed past ends, a caller of another past is still told so", async ({ log }) => {
      const written = await appendEntries(log, [entry("a", "A"), entry("b"), entry("c")]);
      await log.putCheckpoint(room, checkpointAt(written, 2), { offset: 2, position: 1 });
      const place = toPlace(written.entries[1]!, written.head);

      const good = await log.append({ room, from: place, keys: [] }, () => undefined);
      const other = await log.append({ room, from: { ...place, check: place.check ^ 1 }, keys: [] }, fail);

      equal([good.kind, other.kind], ["appended", "diverged"]);
    }),
    test("a room whose whole past is trimmed goes on", async ({ log }) => {
      const written = await appendEntries(log, [entry("a", "A"), entry("b")]);
      await log.putCheckpoint(room, checkpointAt(written, 2), { offset: 2, position: 1 });

      const next = await appendFrom(log, written.head, [entry("c", "C")]);

      equal([next.head.firstOffset, next.head.firstPosition, next.head.offset, next.head.position], [3, 2, 3, 2]);
      equal((await log.readPublicBefore(room, 100, 10)).map(textOf), ["C"]);
      equal((await log.read(room, 2, 10)).map(textOf), ["c"]);
    }),
  ];
}

function toWords({ position, check, at, author, callId, version, erased, bytes }: PublicEntry): unknown {
  return [position, check, at, author, callId, version, erased, textOf({ bytes })];
}
