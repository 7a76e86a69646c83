import type { Millis, Outcome } from "../log.ts";
import { appendEntries, appendOutcomes, entry, equal, knownOf, outcome, requireHead, start, type MakeCase, type SuiteCase } from "./kit.ts";

/** How many outcomes a room remembers. */
export function outcomeLimitCases(test: MakeCase): readonly SuiteCase[] {
  return [
    test(
      "past their number the oldest outcomes are forgotten, and calls are known since just after them",
      async ({ log }) => {
        await appendOutcomes(log, [made("b", 2), made("a", 1), made("c", 3)]);
        const before = await requireHead(log);

        const { head } = await appendOutcomes(log, [made("e", 5), made("d", 4)]);

        equal([before.callsSince, head.callsSince, (await requireHead(log)).callsSince], [0, start + 3, start + 3]);
        equal([...(await knownOf(log, ["a", "b", "c", "d", "e"])).keys()], ["c", "d", "e"]);
      },
      { roomOutcomes: 3 },
    ),
    test(
      "outcomes of the millisecond in which the newest forgotten one was made go with it",
      async ({ log }) => {
        const { head } = await appendOutcomes(log, [made("a", 1), made("b", 1), made("c", 1), made("d", 2)]);

        equal([[...(await knownOf(log, ["a", "b", "c", "d"])).keys()], head.callsSince], [["d"], start + 2]);
      },
      { roomOutcomes: 3 },
    ),
    test(
      "the bytes of outcomes are bounded too, with their keys and hashes",
      async ({ log }) => {
        await appendOutcomes(log, [made("a", 1, "12345"), made("\u00e4", 2, "1234")]);
        const before = [...(await knownOf(log, ["a", "\u00e4"])).keys()];

        const { head } = await appendOutcomes(log, [made("c", 3)]);

        equal(before, ["a", "\u00e4"]);
        equal([[...(await knownOf(log, ["a", "\u00e4", "c"])).keys()], head.callsSince], [["\u00e4", "c"], start + 2]);
      },
      { roomOutcomeBytes: 20 },
    ),
    test(
      "an outcome with an end is forgotten before it only past the limits, when it is the oldest",
      async ({ log, clock }) => {
        await appendOutcomes(log, [made("a", 1, "", start + 100), made("b", 2, "", start + 1_000), made("c", 3)]);
        clock.now = start + 100;
        const ended = await appendOutcomes(log, [made("d", 4)]);
        const known = [...(await knownOf(log, ["a", "b", "c", "d"])).keys()];

        const { head } = await appendOutcomes(log, [made("e", 5, "", start + 1_000)]);

        equal([known, ended.head.callsSince], [["b", "c", "d"], 0]);
        equal([[...(await knownOf(log, ["b", "c", "d", "e"])).keys()], head.callsSince], [["c", "d", "e"], start + 3]);
      },
      { roomOutcomes: 3 },
    ),
    test(
      "an outcome that is written again counts once, by its newest time",
      async ({ log }) => {
        for (const [index, key] of ["a", "b", "a", "a", "c"].entries()) await appendOutcomes(log, [made(key, index)]);
        const before = [...(await knownOf(log, ["a", "b", "c"])).keys()];

        await appendOutcomes(log, [made("d", 9)]);

        equal(
          [before, [...(await knownOf(log, ["a", "b", "c", "d"])).keys()]],
          [
            ["a", "b", "c"],
            ["a", "c", "d"],
          ],
        );
      },
      { roomOutcomes: 3 },
    ),
    test(
      "what outcomes take is no entry's: a room that forgets them is not full",
      async ({ log }) => {
        for (let index = 0; index < 10; index++) await appendOutcomes(log, [made(`k${index}`, index, "12345678")]);

        const { head } = await appendEntries(log, [entry("1234567890")]);

        equal([head.offset, (await knownOf(log, ["k9"], undefined, head)).size], [1, 1]);
      },
      { roomOutcomes: 3, roomEntries: 1, roomBytes: 10 },
    ),
  ];
}

/** An outcome of a millisecond; its hash has four bytes. */
function made(key: string, afterMs: number, text = "", keepUntil?: Millis): Outcome {
  return { ...outcome(key, text, keepUntil), at: start + afterMs };
}
