import type { AppendRequest, Batch, Log } from "../log.ts";
import { appendEntries, batchOf, codeOf, entry, equal, knownOf, outcome, room, start, type MakeCase, type SuiteCase } from "./kit.ts";

const half = "ann\ud800";
const entryOf = (changes: object): Partial<Batch> => ({ entries: [{ ...entry("x", "X"), ...changes }] });
const outcomeOf = (changes: object): Partial<Batch> => ({ outcomes: [{ ...outcome("k", "yes"), ...changes }] });

/** What a log refuses because it could not give it back. */
export function storableCases(test: MakeCase): readonly SuiteCase[] {
  return [
    test("a text that is not well-formed Unicode is refused, and nothing is written", async ({ log }) => {
      await appendEntries(log, [entry("a")]);
      const before = await log.head(room);

      const codes = [entryOf({ author: half }), entryOf({ callId: half }), outcomeOf({ key: half }), outcomeOf({ inputHash: half })].map((batch) =>
        codeOf(write(log, { ...entryOf({}), ...batch })),
      );

      equal(await Promise.all(codes), ["INVALID_MESSAGE", "INVALID_MESSAGE", "INVALID_MESSAGE", "INVALID_MESSAGE"]);
      equal(await codeOf(write(log, entryOf({}), half)), "INVALID_MESSAGE");
      equal([await log.head(room), await log.head(half), (await knownOf(log, ["k", half])).size], [before, undefined, 0]);
    }),
    test("well-formed texts come back as they were, whatever stands in them", async ({ log }) => {
      const text = "\u0000 \u{1f600} \ufffd '--";

      await write(log, { ...entryOf({ author: text, callId: text }), ...outcomeOf({ key: text, inputHash: text }) }, text);
      const known = await knownOf(log, [text], text);

      equal(
        (await log.read(text, 0, 10)).map(({ author, callId }) => [author, callId]),
        [[text, text]],
      );
      equal(
        [...known].map(([key, { inputHash }]) => [key, inputHash]),
        [[text, text]],
      );
    }),
    test("a key that is not well-formed is known of no call", async ({ log }) => {
      await write(log, outcomeOf({ key: "ann\ufffd" }));

      equal([...(await knownOf(log, [half, "ann\ufffd"])).keys()], ["ann\ufffd"]);
    }),
    test("a number that is no safe integer is refused, and nothing is written", async ({ log }) => {
      await appendEntries(log, [entry("a")]);
      const before = await log.head(room);
      const batches: readonly Partial<Batch>[] = [1e17, start + 0.5, Number.NaN, Infinity, 2 ** 53].flatMap((number) => [
        { wakeAt: number },
        { callsSince: number },
        { version: number },
        entryOf({ at: number }),
        entryOf({ version: number }),
        outcomeOf({ at: number }),
        outcomeOf({ keepUntil: number }),
      ]);

      const codes = await Promise.all(batches.map((batch) => codeOf(write(log, batch))));

      equal(new Set(codes).size === 1 && codes[0], "INVALID_MESSAGE");
      equal([await log.head(room), (await log.changedSince(start)).length, await log.due(Infinity, 9)], [before, 1, []]);
    }),
    test("the largest time to wake that is taken comes back", async ({ log }) => {
      await write(log, { wakeAt: Number.MAX_SAFE_INTEGER });

      equal((await log.head(room))?.wakeAt, Number.MAX_SAFE_INTEGER);
      equal((await log.due(Infinity, 9)).length, 1);
    }),
  ];
}

function write(log: Log, batch: Partial<Batch>, name = room): Promise<unknown> {
  const request: AppendRequest = { room: name, from: undefined, keys: [] };
  return log.append(request, ({ head }) => ({ ...batchOf(head, []), ...batch }));
}
