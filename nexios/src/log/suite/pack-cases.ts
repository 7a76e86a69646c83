import type { Log, NewEntry, Offset, PublicEntry, StoredEntry } from "../log.ts";
import {
  appendEntries,
  appendFrom,
  checkpointAt,
  codeOf,
  entry,
  equal,
  erase,
  fail,
  openEntries,
  requireHead,
  room,
  start,
  textOf,
  toPlace,
  type MakeCase,
  type SuiteCase,
  type Written,
} from "./kit.ts";

const nothing = { offset: 0, position: 0 };

/** Old entries that are kept in less space. */
export function packCases(test: MakeCase): readonly SuiteCase[] {
  return [
    test("packed entries are read as before, forwards and backwards, but for their call ids", async ({ log }) => {
      const written = await fill(log);
      const before = await look(log);

      const packed = await packAll(log, 8, 3);
      const after = await look(log);

      equal(packed, 2);
      equal(after, withoutCalls(before, 6, 3));
      equal(
        (await log.read(room, 4, 4)).map(({ callId }) => callId),
        [undefined, undefined, "c", "c"],
      );
      equal((await log.checkpoint(room))?.offset, 8);
      equal((await appendFrom(log, written.head, openEntries("k"))).head.offset, 11);
    }),
    test("nothing is packed above the checkpoint, above what was asked for, or in less than a whole run", async ({ log }) => {
      const written = await appendEntries(log, openEntries("abcdefgh"));
      const before = await look(log);

      const packed = [await log.pack(room, 8, 2)];
      await log.putCheckpoint(room, checkpointAt(written, 5), nothing);
      packed.push(await log.pack(room, 1, 2), await log.pack(room, 8, 6), await log.pack(room, 8, 0), await log.pack("nobody", 8, 2));
      const same = await look(log);
      packed.push(await log.pack(room, 3, 2), await log.pack(room, 3, 2), await log.pack(room, 8, 2), await log.pack(room, 8, 2));

      equal(packed, [false, false, false, false, false, true, false, true, false]);
      equal(same, before);
      equal(await look(log), withoutCalls(before, 4, 4));
    }),
    test("a run that has 256 KiB is a pack, however few its entries are", async ({ log }) => {
      const large = Array.from({ length: 5 }, () => entry(new Uint8Array(100_000), "shown"));
      const written = await appendEntries(log, large);
      await log.putCheckpoint(room, checkpointAt(written, 5), nothing);

      const packed = [await log.pack(room, 5, 1_000), await log.pack(room, 5, 1_000)];

      equal(packed, [true, false]);
      equal(
        (await log.read(room, 0, 10)).map(({ callId, bytes }) => [callId, bytes.length]),
        [undefined, undefined, undefined, "c", "c"].map((callId) => [callId, 100_000]),
      );
    }),
    test("whatever an entry holds comes back from a pack", async ({ log }) => {
      const numbers = [0, -1, 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 50, -(2 ** 50), start];
      const authors = ["ann", undefined, "", "\u0000 \u{1f600} '--", "ann", "bob", undefined, "c".repeat(1_000)];
      const entries = numbers.map((at, index): NewEntry => {
        const bytes = Uint8Array.from({ length: index * 50 }, (_, each) => each);
        const publicBytes = [bytes, undefined, new Uint8Array(), bytes.slice(1)][index % 4];
        return { at, author: authors[index], callId: `${index}`, version: numbers.at(-index) ?? 1, bytes, publicBytes };
      });
      const written = await appendEntries(log, entries);
      await log.putCheckpoint(room, checkpointAt(written, 8), nothing);
      const before = await look(log);

      equal(await packAll(log, 8, 8), 1);
      equal(await look(log), withoutCalls(before, 8, 6));
    }),
    test("a caller who stands in a pack goes on from there, and one of another past is told so", async ({ log }) => {
      const written = await fill(log);
      await packAll(log, 8, 4);
      const kinds: string[] = [];
      // By the place: what is decided may be decided again.
      const tails = new Map<Offset, readonly Offset[]>();

      for (const each of written.entries) {
        const place = toPlace(each, written.head);
        const good = await log.append({ room, from: place, keys: [] }, ({ entries }) => {
          tails.set(
            place.offset,
            entries.map(({ offset }) => offset),
          );
          return undefined;
        });
        const other = await log.append({ room, from: { ...place, check: place.check ^ 1 }, keys: [] }, fail);
        kinds.push(`${good.kind} ${other.kind}`);
      }

      equal([...new Set(kinds)], ["appended diverged"]);
      equal(
        [...tails.values()],
        written.entries.map(({ offset }) => written.entries.slice(offset).map((each) => each.offset)),
      );
    }),
    test("content of packed entries is erased as of any other", async ({ log }) => {
      await fill(log);
      await erase(log, [2]);
      await packAll(log, 8, 4);
      const before = await look(log);

      await erase(log, [8, 1, 2, 5, 7, 9, 5, 4_000]);
      const after = await look(log);

      const gone = [1, 2, 5, 7, 8, 9];
      equal(after, {
        ...before,
        entries: before.entries.map((each) => (gone.includes(each.offset) ? { ...each, bytes: "", shown: each.shown && "", erased: true } : each)),
        forwards: before.forwards.map((each) => ([1, 4, 5].includes(each.position) ? { ...each, bytes: "", erased: true } : each)),
        backwards: before.backwards.map((each) => ([1, 4, 5].includes(each.position) ? { ...each, bytes: "", erased: true } : each)),
      });
    }),
    test("a trim of packed entries leaves what it leaves of others, wherever it cuts", async ({ log }) => {
      for (const offset of [0, 1, 2, 3, 4, 6, 7]) {
        for (const position of [0, 1, 2, 3, 4]) {
          const [plain, packed] = [`plain ${offset} ${position}`, `packed ${offset} ${position}`];
          for (const name of [plain, packed]) {
            const written = await appendEntries(log, contents, name);
            await log.putCheckpoint(name, checkpointAt(written, 6), nothing);
            if (name === packed) equal(await packAll(log, 6, 2, name), 3);
            await log.putCheckpoint(name, checkpointAt(written, 8), { offset, position });
          }
          const left = await look(log, packed);

          equal(left, withoutCalls(await look(log, plain), 6, 3));
          equal((await appendFrom(log, await requireHead(log, packed), openEntries("k"), packed)).head.position, 6);
        }
      }
    }),
    test("what is left of the only pack that was cut is packed anew", async ({ log }) => {
      const written = await appendEntries(log, openEntries("abcdefgh"));
      await log.putCheckpoint(room, checkpointAt(written, 4), nothing);
      await packAll(log, 4, 4);
      await log.putCheckpoint(room, checkpointAt(written, 8), { offset: 2, position: 2 });

      equal(await log.pack(room, 8, 3), true);
      equal(
        (await log.read(room, 2, 10)).map(({ callId }) => callId),
        [undefined, undefined, undefined, "c", "c", "c"],
      );
    }),
    test("what is trimmed between two packs stays as it is, and later entries are packed", async ({ log }) => {
      const written = await appendEntries(log, openEntries("abcdefghij"));
      await log.putCheckpoint(room, checkpointAt(written, 8), nothing);
      const packed = [await packAll(log, 8, 3)];
      await log.putCheckpoint(room, checkpointAt(written, 9), { offset: 2, position: 2 });

      packed.push(await packAll(log, 10, 3));
      await log.putCheckpoint(room, checkpointAt(written, 10), { offset: 4, position: 3 });
      packed.push(await packAll(log, 10, 3));

      equal(packed, [2, 1, 0]);
      equal((await log.read(room, 4, 10)).map(textOf), Array.from("efghij"));
      equal((await log.readPublic(room, 3, 10)).map(textOf), Array.from("defghij"));
      equal((await log.readPublicBefore(room, 100, 10)).map(textOf), Array.from("jihgfed"));
      equal(await codeOf(log.read(room, 3, 10)), "GAP");
      equal(await codeOf(log.readPublic(room, 2, 10)), "GAP");
    }),
  ];
}

/** Public and hidden ones, some of which show other bytes than their own. */
const contents: readonly NewEntry[] = [
  entry("a", "A"),
  entry("b"),
  ...openEntries("cd"),
  entry("e"),
  entry("f"),
  entry("g", "G"),
  entry("h"),
  entry("i", "i"),
  entry("j"),
];

/** With a checkpoint at 8. */
async function fill(log: Log): Promise<Written> {
  const written = await appendEntries(log, contents);
  await log.putCheckpoint(room, checkpointAt(written, 8), nothing);
  return written;
}

/** How many packs could be made. */
async function packAll(log: Log, through: Offset, entries: number, name = room): Promise<number> {
  let packs = 0;
  while (await log.pack(name, through, entries)) packs++;
  return packs;
}

interface SeenEntry {
  readonly offset: number;
  readonly check: number;
  readonly facts: unknown;
  readonly callId: string | null;
  readonly bytes: string;
  readonly shown: string | undefined;
  readonly position: number | undefined;
  readonly publicCheck: number | undefined;
  readonly erased: boolean;
}

interface SeenPublicEntry {
  readonly position: number;
  readonly check: number;
  readonly facts: unknown;
  readonly callId: string | null;
  readonly bytes: string;
  readonly erased: boolean;
}

/** All that a log has of a room. */
interface Look {
  readonly head: unknown;
  readonly entries: readonly SeenEntry[];
  readonly forwards: readonly SeenPublicEntry[];
  readonly backwards: readonly SeenPublicEntry[];
}

/** Page by page, so that pages begin and end in packs. */
async function look(log: Log, name = room): Promise<Look> {
  const { offset, check, position, publicCheck, firstOffset, firstPosition } = await requireHead(log, name);
  const entries: SeenEntry[] = [];
  const forwards: SeenPublicEntry[] = [];
  const backwards: SeenPublicEntry[] = [];
  for (let after = firstOffset - 1; after < offset; after = entries.at(-1)?.offset ?? offset) entries.push(...(await log.read(name, after, 3)).map(toSeen));
  for (let after = firstPosition - 1; after < position; after = forwards.at(-1)?.position ?? position)
    forwards.push(...(await log.readPublic(name, after, 2)).map(toSeenPublic));
  for (let before = position + 1; before > firstPosition; before = backwards.at(-1)?.position ?? 0)
    backwards.push(...(await log.readPublicBefore(name, before, 2)).map(toSeenPublic));
  return { head: [offset, check, position, publicCheck, firstOffset, firstPosition], entries, forwards, backwards };
}

function toSeen({ offset, check, at, author, callId, version, bytes, public: part, erased }: StoredEntry): SeenEntry {
  const facts = [at, author, version];
  return {
    offset,
    check,
    facts,
    callId: callId ?? null,
    bytes: toHex(bytes),
    shown: part && toHex(part.bytes),
    position: part?.position,
    publicCheck: part?.check,
    erased,
  };
}

function toSeenPublic({ position, check, at, author, callId, version, bytes, erased }: PublicEntry): SeenPublicEntry {
  return { position, check, facts: [at, author, version], callId: callId ?? null, bytes: toHex(bytes), erased };
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** The same after entries up to an offset, and public ones up to a position, were packed. */
function withoutCalls({ head, entries, forwards, backwards }: Look, offset: number, position: number): Look {
  const hide = (each: SeenPublicEntry): SeenPublicEntry => (each.position <= position ? { ...each, callId: null } : each);
  return {
    head,
    entries: entries.map((each) => (each.offset <= offset ? { ...each, callId: null } : each)),
    forwards: forwards.map(hide),
    backwards: backwards.map(hide),
  };
}
