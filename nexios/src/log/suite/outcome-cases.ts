import { batchOf, decode, entry, equal, knownOf, outcome, requireHead, room, start, type MakeCase, type SuiteCase } from "./kit.ts";

/** What is remembered of calls. */
export function outcomeCases(test: MakeCase): readonly SuiteCase[] {
  return [
    test("the outcome of a call is written with its entries, and known to whoever asks for its key", async ({ log }) => {
      await log.append({ room, from: undefined, keys: ["k1"] }, ({ head }) => ({
        ...batchOf(head, [entry("a")]),
        outcomes: [outcome("k1", "yes"), outcome("k2", "no")],
      }));

      const known = await knownOf(log, ["k1", "k2", "k3"]);

      equal(
        [...known].map(([key, each]) => [key, decode(each.bytes), each.inputHash]),
        [
          ["k1", "yes", "hash"],
          ["k2", "no", "hash"],
        ],
      );
      equal((await knownOf(log, ["k1"], "counter/2")).size, 0);
    }),
    test("an outcome without an entry is written too, and moves no offset", async ({ log }) => {
      await log.append({ room, from: undefined, keys: [] }, ({ head }) => ({ ...batchOf(head, []), outcomes: [outcome("k", "refused")] }));

      equal([...(await knownOf(log, ["k"])).keys()], ["k"]);
      equal((await requireHead(log)).offset, 0);
    }),
    test("an outcome with an end is forgotten at it, one without when calls of its time are", async ({ log, clock }) => {
      const outcomes = [outcome("short", "", start + 1_000), outcome("long", "")];
      await log.append({ room, from: undefined, keys: [] }, ({ head }) => ({ ...batchOf(head, []), outcomes }));

      clock.now = start + 999;
      const before = [...(await knownOf(log, ["short", "long"])).keys()];
      clock.now = start + 1_000;
      const after = [...(await knownOf(log, ["short", "long"])).keys()];
      await log.append({ room, from: undefined, keys: [] }, ({ head }) => ({ ...batchOf(head, [entry("x")]), callsSince: start + 1 }));
      const last = [...(await knownOf(log, ["short", "long"])).keys()];

      equal([before, after, last], [["short", "long"], ["long"], []]);
    }),
    test("the time since which calls are known, and the version, never go back", async ({ log }) => {
      await log.append({ room, from: undefined, keys: [] }, ({ head }) => ({ ...batchOf(head, [entry("a")]), version: 3, callsSince: start + 5_000 }));
      await log.append({ room, from: undefined, keys: [] }, ({ head }) => ({ ...batchOf(head, [entry("b")]), version: 2, callsSince: start }));

      const head = await requireHead(log);

      equal([head.version, head.callsSince], [3, start + 5_000]);
    }),
  ];
}
