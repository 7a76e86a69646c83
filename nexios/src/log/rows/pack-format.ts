import type { StoredEntry } from "../log.ts";
import { isSameBytes } from "../kept-bytes.ts";
import { nextCheck, nextPublicCheck } from "../seal.ts";
import { BinaryReader } from "../../protocol/binary-reader.ts";
import { ColumnWriter } from "./column-writer.ts";
import { readColumn, readDifferences, writeDifferences } from "./columns-of-numbers.ts";
import { type Arrangement, readContents, writeContents } from "./pack-contents.ts";

/** Where a pack begins: its first offset, the running check just before it, and the position of its first public entry, if it has one. */
export interface PackStart {
  readonly offset: number;
  readonly check: number;
  readonly position: number;
}

/** The first byte says how contents are arranged. Another arrangement is another number: these stay. */
const arrangements: readonly (Arrangement | undefined)[] = [undefined, "rows", "columns"];
/** What a byte for each entry says: that it has a public part, of other bytes than its own; that it is erased; that its checks can't be made from what is left. */
const marks = { public: 1, ownPublic: 2, erased: 4, ownChecks: 8 };

/** Entries in columns, to be deflated: what is alike stands together. Call ids are left out, and checks that can be made again. */
export function encodeEntries(before: number, entries: readonly StoredEntry[], arrangement: Arrangement): Uint8Array {
  const authors = [...new Set(entries.flatMap(({ author }) => (author === undefined ? [] : [author])))];
  const places = new Map(authors.map((author, index) => [author, index + 1]));
  const writer = new ColumnWriter().count(arrangements.indexOf(arrangement)).count(authors.length);
  for (const author of authors) writer.text(author);
  const all = entries.map((entry, index) => ({ entry, mark: markOf(entries[index - 1]?.check ?? before, entry) }));
  for (const { mark } of all) writer.count(mark);
  for (const { author } of entries) writer.count(author === undefined ? 0 : (places.get(author) ?? 0));
  writeDifferences(
    writer,
    entries.map(({ version }) => version),
  );
  writeDifferences(
    writer,
    entries.map(({ at }) => at),
  );
  for (const { bytes } of entries) writer.count(bytes.length);
  for (const { entry, mark } of all) if (mark & marks.ownPublic) writer.count(entry.public?.bytes.length ?? 0);
  const first = entries.find((entry) => entry.public !== undefined)?.public;
  if (first !== undefined) writer.count(first.check);
  for (const { entry, mark } of all) if (mark & marks.ownChecks) writer.count(entry.check).count(entry.public?.check ?? 0);
  const contents = entries.map(({ bytes }) => bytes);
  const publicContents = all.map(({ entry, mark }) => (mark & marks.ownPublic ? (entry.public?.bytes ?? nothing) : nothing));
  for (const each of [contents, publicContents]) writeContents(writer, each, arrangement);
  return writer.end();
}

const nothing = new Uint8Array();

/** So many entries, as they were given but for their call ids; `undefined` for bytes that are not what was written. */
export function decodeEntries(content: Uint8Array, start: PackStart, count: number): readonly StoredEntry[] | undefined {
  const reader = new BinaryReader(content);
  const arrangement = arrangements[reader.count()];
  if (arrangement === undefined) return undefined;
  const authors = readColumn(reader, reader.count(), () => reader.text());
  const flags = readColumn(reader, count, () => reader.count());
  const writers = readColumn(reader, count, () => authors[reader.count() - 1]);
  const versions = readDifferences(reader, count);
  const times = readDifferences(reader, count);
  const lengths = readColumn(reader, count, () => reader.count());
  const publicLengths = readColumn(reader, count, (index) => ((flags[index] ?? 0) & marks.ownPublic ? reader.count() : 0));
  const firstCheck = flags.some((mark) => mark & marks.public) ? reader.count() : 0;
  const checks = readColumn(reader, count, (index) =>
    (flags[index] ?? 0) & marks.ownChecks ? { check: reader.count(), publicCheck: reader.count() } : undefined,
  );
  const contents = readContents(reader, lengths, arrangement);
  const publicContents = readContents(reader, publicLengths, arrangement);
  if (reader.isBroken || reader.left > 0 || flags.length < count) return undefined;
  // A check has 32 bits.
  if ([firstCheck, ...checks.flatMap((own) => (own === undefined ? [] : [own.check, own.publicCheck]))].some((each) => each >>> 0 !== each)) return undefined;

  const entries: StoredEntry[] = [];
  let { check, position } = start;
  let publicCheck: number | undefined;
  for (const [index, mark] of flags.entries()) {
    const offset = start.offset + index;
    const bytes = contents[index] ?? nothing;
    const publicBytes = (mark & marks.public) === 0 ? undefined : mark & marks.ownPublic ? (publicContents[index] ?? nothing) : bytes;
    const facts = { at: times[index] ?? 0, author: writers[index], callId: undefined, version: versions[index] ?? 0, bytes };
    const own = checks[index];
    check = own?.check ?? nextCheck(check, offset, { ...facts, publicBytes });
    if (publicBytes !== undefined) publicCheck = own?.publicCheck ?? (publicCheck === undefined ? firstCheck : nextPublicCheck(publicCheck, publicBytes));
    const part = publicBytes === undefined ? undefined : { position: position++, check: publicCheck ?? 0, bytes: publicBytes };
    entries.push({ ...facts, offset, check, public: part, erased: (mark & marks.erased) > 0 });
  }
  return entries;
}

function markOf(before: number, entry: StoredEntry): number {
  const { offset, bytes, public: part, erased, check } = entry;
  const isMade = nextCheck(before, offset, { ...entry, publicBytes: part?.bytes }) === check;
  return (
    (part === undefined ? 0 : marks.public) |
    (part === undefined || isSameBytes(part.bytes, bytes) ? 0 : marks.ownPublic) |
    (erased ? marks.erased : 0) |
    (isMade && !erased ? 0 : marks.ownChecks)
  );
}
