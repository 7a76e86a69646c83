import { appendEntries, batchOf, entry, equal, requireHead, room, start, textOf, type MakeCase, type SuiteCase } from "./kit.ts";

/** What is read, and how rooms are found. */
export function readingCases(test: MakeCase): readonly SuiteCase[] {
  return [
    test("a room that nobody has written to has no head, no entry and no checkpoint", async ({ log }) => {
      equal(await log.head(room), undefined);
      equal(await log.read(room, 0, 10), []);
      equal(await log.readPublic(room, 0, 10), []);
      equal(await log.checkpoint(room), undefined);
    }),
    test("what was appended is read back byte for byte, in order", async ({ log }) => {
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);

      await appendEntries(log, [entry(bytes), entry("b"), entry("")]);
      const entries = await log.read(room, 0, 10);

      equal(
        entries.map((each) => [each.offset, [...each.bytes], each.author, each.callId, each.at, each.version]),
        [
          [1, [...bytes], "ann", "c", start, 1],
          [2, [98], "ann", "c", start, 1],
          [3, [], "ann", "c", start, 1],
        ],
      );
    }),
    test("rooms do not see each other, whatever their names", async ({ log }) => {
      for (const name of ["a", "a/b", "a%", "A", "a/b'--", "ä", "a\u0308"]) await appendEntries(log, [entry(name)], name);

      for (const name of ["a", "a/b", "a%", "A", "a/b'--", "ä", "a\u0308"]) equal((await log.read(name, 0, 10)).map(textOf), [name]);
    }),
    test("history is read backwards, page by page, without hole or double", async ({ log }) => {
      await appendEntries(
        log,
        Array.from({ length: 25 }, (_, index) => entry(`${index}`, index % 3 === 0 ? undefined : `${index}`)),
      );
      const { position } = await requireHead(log);

      const pages: number[][] = [];
      for (let before = position + 1; before > 1; before = pages.at(-1)?.at(-1) ?? 0)
        pages.push((await log.readPublicBefore(room, before, 7)).map((each) => each.position));

      equal(
        pages.flat(),
        Array.from({ length: position }, (_, index) => position - index),
      );
      equal(
        pages.map(({ length }) => length),
        [7, 7, 2],
      );
    }),
    test("rooms that changed are found by the second in which they did", async ({ log, clock }) => {
      await appendEntries(log, [entry("a")], "a");
      clock.now = start + 5_500;
      await appendEntries(log, [entry("b")], "b");

      const changed = await Promise.all([start, start + 1_000, start + 5_999, start + 6_000].map((since) => log.changedSince(since)));

      equal(
        changed.map((each) => each.map(({ room: name }) => name).toSorted()),
        [["a", "b"], ["b"], ["b"], []],
      );
    }),
    test("the heads of many rooms are those that each has by itself, and of a room that nobody has written to there is none", async ({ log }) => {
      const names = [...Array.from({ length: 300 }, (_, index) => `many/${index}`), "a/b'--", "ä", '"{}, \\'];
      for (const [index, name] of names.entries())
        await appendEntries(
          log,
          Array.from({ length: 1 + (index % 3) }, () => entry(name, "shown")),
          name,
        );

      const heads = await log.heads([...names, "many/none", "half \ud800"]);

      const expected = await Promise.all(names.map(async (name) => ({ room: name, head: await log.head(name) })));
      const inOrder = (found: readonly { readonly room: string }[]): unknown => found.toSorted((one, other) => (one.room < other.room ? -1 : 1));
      equal(inOrder(heads), inOrder(expected));
      equal(await log.heads([]), []);
    }),
    test("rooms are found when they want to be woken, earliest first", async ({ log }) => {
      const wakes = { a: start + 3_000, b: start + 1_000, c: undefined, d: start + 2_000 };
      for (const [name, wakeAt] of Object.entries(wakes))
        await log.append({ room: name, from: undefined, keys: [] }, ({ head }) => ({ ...batchOf(head, [entry(name)]), wakeAt }));

      const due = async (now: number, limit: number): Promise<string[]> => (await log.due(now, limit)).map(({ room: name }) => name);

      equal([await due(start + 999, 9), await due(start + 2_000, 9), await due(start + 9_000, 2)], [[], ["b", "d"], ["b", "d"]]);
      await log.append({ room: "b", from: undefined, keys: [] }, ({ head }) => batchOf(head, [entry("b")]));
      equal(await due(start + 2_000, 9), ["d"]);
    }),
  ];
}
