import { appendEntries, appendFrom, checkpointAt, codeOf, entry, equal, erase, openEntries, room, type MakeCase, type SuiteCase } from "./kit.ts";

/** How much of a room is kept. */
export function sizeCases(test: MakeCase): readonly SuiteCase[] {
  return [
    test(
      "past its size a log refuses entries by a code until it is trimmed",
      async ({ log }) => {
        const written = await appendEntries(
          log,
          ["a", "b", "c"].map((text) => entry(text)),
        );

        const full = await codeOf(appendEntries(log, [entry("d")]));
        await log.putCheckpoint(room, checkpointAt(written, 2), { offset: 2, position: 0 });
        const after = await appendFrom(log, written.head, [entry("d")]);

        equal([full, after.head.offset], ["LIMIT", 4]);
      },
      { roomEntries: 3 },
    ),
    test(
      "entries of which only the public part is kept are counted",
      async ({ log }) => {
        const written = await appendEntries(log, [entry("a"), ...openEntries("bcd")]);
        await log.putCheckpoint(room, checkpointAt(written, 3), { offset: 3, position: 0 });

        const first = await appendFrom(log, written.head, [entry("e")]);
        const full = await codeOf(appendFrom(log, first.head, [entry("f")]));
        await log.putCheckpoint(room, checkpointAt(written, 4), { offset: 3, position: 2 });
        const after = await appendFrom(log, first.head, [entry("f"), entry("g")]);

        equal([full, after.head.offset], ["LIMIT", 7]);
        equal(await codeOf(appendFrom(log, after.head, [entry("h")])), "LIMIT");
      },
      { roomEntries: 4 },
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
    test(
      "bytes that members get as they are count once",
      async ({ log }) => {
        const { head } = await appendEntries(log, [entry("1234567890", "1234567890"), entry("1234567890", "1234567890")]);

        equal(await codeOf(appendFrom(log, head, [entry("1")])), "LIMIT");
      },
      { roomBytes: 20 },
    ),
    test(
      "what is trimmed or erased makes room, and what is left of it does not",
      async ({ log }) => {
        const written = await appendEntries(log, [entry("12345678", "12"), entry("1234"), entry("123456", "123456")]);
        await log.putCheckpoint(room, checkpointAt(written, 3), { offset: 3, position: 0 });

        const full = await codeOf(appendFrom(log, written.head, [entry("1234567890123")]));
        const { head } = await appendFrom(log, written.head, [entry("123456789012")]);
        await erase(log, [3]);
        const left = await codeOf(appendFrom(log, head, [entry("1234567")]));

        equal([full, left], ["LIMIT", "LIMIT"]);
        equal((await appendFrom(log, head, [entry("123456")])).head.offset, 5);
      },
      { roomBytes: 20 },
    ),
  ];
}
