import {
  appended,
  appendEntries,
  batchOf,
  checkpointAt,
  decode,
  entry,
  equal,
  knownOf,
  openEntries,
  outcome,
  requireHead,
  room,
  textOf,
  type MakeCase,
  type SuiteCase,
} from "./kit.ts";

const nothing = { offset: 0, position: 0 };

/** Which checkpoints are kept. */
export function checkpointCases(test: MakeCase): readonly SuiteCase[] {
  return [
    test("a checkpoint replaces only an older one", async ({ log }) => {
      const written = await appendEntries(log, openEntries("abc"));

      const kept = [];
      for (const count of [2, 1, 2, 3]) kept.push(await log.putCheckpoint(room, checkpointAt(written, count, `state ${count}`), nothing));
      const checkpoint = await log.checkpoint(room);

      equal(kept, [true, false, false, true]);
      equal([checkpoint?.offset, checkpoint?.position, decode(checkpoint?.bytes ?? new Uint8Array())], [3, 3, "state 3"]);
    }),
    test("of checkpoints put at the same moment the newest is kept, and nothing is trimmed behind one that is not", async ({ log }) => {
      const written = await appendEntries(log, openEntries("abc"));

      const kept = await Promise.all(
        [3, 2].map((count) => log.putCheckpoint(room, checkpointAt(written, count), count === 3 ? nothing : { offset: 2, position: 2 })),
      );
      const head = await requireHead(log);
      // No order of the two was promised: if the older one came first it was kept for a moment, and trimmed behind.
      const first = kept[1] === true ? 3 : 1;

      equal(kept[0], true);
      equal([(await log.checkpoint(room))?.offset, head.firstOffset, head.firstPosition], [3, first, first]);
      equal((await log.read(room, first - 1, 10)).map(textOf), Array.from("abc").slice(first - 1));
      equal((await log.readPublic(room, first - 1, 10)).map(textOf), Array.from("abc").slice(first - 1));
    }),
    test("a checkpoint of another past is not kept", async ({ log }) => {
      const written = await appendEntries(log, [entry("a")]);
      const good = checkpointAt(written, 1);
      const all = { offset: 1, position: 1 };

      equal(await log.putCheckpoint(room, { ...good, check: good.check ^ 1 }, all), false);
      equal(await log.putCheckpoint(room, { ...good, epoch: "another" }, all), false);
      equal(await log.putCheckpoint(room, { ...good, offset: 2 }, all), false);
      equal(await log.putCheckpoint(room, { ...good, position: 1 }, all), false);
      equal(await log.putCheckpoint("nobody", good, all), false);
      equal((await log.read(room, 0, 10)).length, 1);
    }),
    test("outcomes stay when the entries that they tell of are trimmed", async ({ log }) => {
      const written = await appended(
        log.append({ room, from: undefined, keys: [] }, ({ head: at }) => ({ ...batchOf(at, [entry("a")]), outcomes: [outcome("k", "yes")] })),
      );

      await log.putCheckpoint(room, checkpointAt(written, 1), { offset: 1, position: 1 });

      equal([...(await knownOf(log, ["k"], room, await requireHead(log))).keys()], ["k"]);
    }),
  ];
}
