import type { Place } from "../log.ts";
import { appendEntries, batchOf, decode, entry, equal, fail, requireHead, room, textOf, toPlace, type MakeCase, type SuiteCase, unequal } from "./kit.ts";

/** How appends are decided and counted. */
export function appendCases(test: MakeCase): readonly SuiteCase[] {
  return [
    test("public positions are dense: an entry without a public part has none", async ({ log }) => {
      await appendEntries(log, [entry("a", "A"), entry("b"), entry("c"), entry("d", "D")]);

      const publicEntries = await log.readPublic(room, 0, 10);
      const head = await requireHead(log);

      equal(
        publicEntries.map(({ position, bytes }) => [position, decode(bytes)]),
        [
          [1, "A"],
          [2, "D"],
        ],
      );
      equal([head.offset, head.position], [4, 2]);
    }),
    test("the checks of two logs agree exactly as long as their pasts do", async ({ log }) => {
      await appendEntries(log, [entry("a", "A"), entry("b", "B")], "x");
      await appendEntries(log, [entry("a", "A")], "y");
      await appendEntries(log, [entry("b", "B")], "y");
      await appendEntries(log, [entry("a", "A"), entry("B", "b")], "z");
      await appendEntries(log, [entry("a", "A"), entry("hidden"), entry("b", "B")], "h");

      const [x, y, z, h] = await Promise.all(["x", "y", "z", "h"].map((name) => requireHead(log, name)));

      equal([x?.check, x?.publicCheck], [y?.check, y?.publicCheck]);
      unequal(x?.check, z?.check);
      unequal(x?.publicCheck, z?.publicCheck);
      unequal(x?.check, h?.check);
      equal(x?.publicCheck, h?.publicCheck);
    }),
    test("a batch is decided on the entries that the caller has not folded", async ({ log }) => {
      const first = await appendEntries(log, [entry("a"), entry("b")]);
      const middle: Place = toPlace(first.entries[0]!, first.head);
      const tails: (readonly string[])[] = [];

      for (const from of [undefined, middle, first.head]) {
        await log.append({ room, from, keys: [] }, (tail) => {
          tails.push(tail.entries.map(textOf));
          return undefined;
        });
      }

      equal(tails, [["a", "b"], ["b"], []]);
    }),
    test("appends of one room at the same moment become one order, each decided on all before it", async ({ log }) => {
      const appends = Array.from({ length: 50 }, (_, index) =>
        log.append({ room, from: undefined, keys: [] }, (tail) => batchOf(tail.head, [entry(`${tail.head.offset}:${tail.entries.length}:${index}`)])),
      );

      await Promise.all(appends);
      const texts = (await log.read(room, 0, 100)).map(textOf);

      equal(
        texts.map((text) => text.split(":").slice(0, 2).join()),
        Array.from({ length: 50 }, (_, index) => `${index},${index}`),
      );
      equal(new Set(texts.map((text) => text.split(":")[2])).size, 50);
    }),
    test("a decision that writes nothing changes nothing", async ({ log }) => {
      const { head } = await appendEntries(log, [entry("a")]);

      const result = await log.append({ room, from: head, keys: [] }, () => undefined);

      equal(result, { kind: "appended", head, entries: [] });
      equal(await log.head(room), head);
    }),
    test("a decision that throws appends nothing and lets the next one in", async ({ log }) => {
      const failing = log.append({ room, from: undefined, keys: [] }, () => {
        throw new Error("decide");
      });

      equal(await failing.catch((error: unknown) => (error as Error).message), "decide");
      equal((await appendEntries(log, [entry("a")])).head.offset, 1);
    }),
    test("a caller whose past is another one is told so, and nothing is written", async ({ log }) => {
      const { head, entries } = await appendEntries(log, [entry("a"), entry("b")]);
      const places: Place[] = [
        { ...head, epoch: "another" },
        { ...head, check: head.check ^ 1 },
        { ...toPlace(entries[0]!, head), check: 7 },
        { ...head, offset: 3 },
      ];

      const results = await Promise.all(places.map((from) => log.append({ room, from, keys: [] }, ({ head: at }) => batchOf(at, [entry("x")]))));

      equal(
        results.map(({ kind }) => kind),
        ["diverged", "diverged", "diverged", "diverged"],
      );
      equal((await requireHead(log)).offset, 2);
    }),
    test(
      "a caller with too long a tail is told to read on first",
      async ({ log }) => {
        const { head } = await appendEntries(log, [entry("a")]);
        await appendEntries(
          log,
          ["b", "c", "d"].map((text) => entry(text)),
        );

        const behind = await log.append({ room, from: undefined, keys: [] }, fail);
        const within = await log.append({ room, from: head, keys: [] }, () => undefined);

        equal([behind.kind, within.kind], ["behind", "appended"]);
      },
      { tailEntries: 3 },
    ),
  ];
}
