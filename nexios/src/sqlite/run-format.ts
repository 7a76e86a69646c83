// A hot file: every entry of a document goes through it. Watched by `npm run bench -- edits`.
import { BinaryReader } from "../protocol/binary-reader.ts";
import { isUuid, uuidBytes, writeUuid } from "../protocol/binary-uuid.ts";
import type { StoredEntry } from "../log/log.ts";
import { ColumnWriter } from "../log/rows/column-writer.ts";
import { readColumn, readDifferences, writeDifferences } from "../log/rows/columns-of-numbers.ts";
import type { PackStart } from "../log/rows/pack-format.ts";
import { nextCheck, nextPublicCheck } from "../log/seal.ts";

/** The first byte. Another form is another number. */
const form = 1;
/** What a byte for each entry says: that it has a public part, of other bytes than its own; an author, the one before; a call id, which is a UUID. */
const marks = { public: 1, ownPublic: 2, author: 4, sameAuthor: 8, callId: 16, uuid: 32 };

/** Entries as they are, none of them erased, in columns; `publicCheck`: the running check over public parts before them. */
export function encodeRun(publicCheck: number, entries: readonly StoredEntry[]): Uint8Array {
  const all = entries.map((entry, index) => ({ entry, mark: markOf(entry, entries[index - 1]) }));
  const writer = new ColumnWriter().count(form).count(publicCheck);
  for (const { mark } of all) writer.count(mark);
  for (const { bytes } of entries) writer.count(bytes.length);
  for (const { entry, mark } of all) if (mark & marks.ownPublic) writer.count(entry.public?.bytes.length ?? 0);
  writeDifferences(
    writer,
    entries.map(({ version }) => version),
  );
  writeDifferences(
    writer,
    entries.map(({ at }) => at),
  );
  for (const { entry, mark } of all) if (mark & marks.author && !(mark & marks.sameAuthor)) writer.text(entry.author ?? "");
  for (const { entry, mark } of all) {
    if (mark & marks.uuid) writeUuid(entry.callId ?? "", id, 0);
    if (mark & marks.uuid) writer.bytes(id);
    else if (mark & marks.callId) writer.text(entry.callId ?? "");
  }
  for (const { bytes } of entries) writer.bytes(bytes);
  for (const { entry, mark } of all) if (mark & marks.ownPublic) writer.bytes(entry.public?.bytes ?? nothing);
  return writer.end().slice();
}

const id = new Uint8Array(uuidBytes);
const nothing = new Uint8Array();

/** So many entries, as they were given; `undefined` for bytes that are not what was written. */
export function decodeRun(content: Uint8Array, start: PackStart, count: number): readonly StoredEntry[] | undefined {
  const reader = new BinaryReader(content);
  if (reader.count() !== form) return undefined;
  let publicCheck = reader.count();
  const { flags, lengths, publicLengths } = readSizes(reader, count);
  const versions = readDifferences(reader, count);
  const times = readDifferences(reader, count);
  let author: string | undefined;
  const authors = flags.map((mark) => (author = mark & marks.sameAuthor ? author : mark & marks.author ? reader.text() : undefined));
  const callIds = flags.map((mark) => (mark & marks.uuid ? reader.uuid() : mark & marks.callId ? reader.text() : undefined));
  const contents = lengths.map((length) => reader.take(length));
  const publicContents = flags.map((mark, index) => (mark & marks.ownPublic ? reader.take(publicLengths[index] ?? 0) : contents[index]));
  // A check has 32 bits.
  if (reader.isBroken || reader.left > 0 || flags.length < count || publicCheck >>> 0 !== publicCheck) return undefined;

  let { check, position } = start;
  return flags.map((mark, index) => {
    const offset = start.offset + index;
    const bytes = contents[index] ?? nothing;
    const publicBytes = mark & marks.public ? publicContents[index] : undefined;
    const facts = { at: times[index] ?? 0, author: authors[index], callId: callIds[index], version: versions[index] ?? 0, bytes };
    check = nextCheck(check, offset, { ...facts, publicBytes });
    if (publicBytes !== undefined) publicCheck = nextPublicCheck(publicCheck, publicBytes);
    const part = publicBytes && { position: position++, check: publicCheck, bytes: publicBytes };
    return { ...facts, offset, check, public: part, erased: false };
  });
}

/** How many bytes each of so many entries has, with its public part where that has bytes of its own. */
export function runSizes(content: Uint8Array, count: number): readonly number[] {
  const reader = new BinaryReader(content);
  reader.count();
  reader.count();
  const { lengths, publicLengths } = readSizes(reader, count);
  return lengths.map((length, index) => length + (publicLengths[index] ?? 0));
}

function readSizes(
  reader: BinaryReader,
  count: number,
): { readonly flags: readonly number[]; readonly lengths: readonly number[]; readonly publicLengths: readonly number[] } {
  const flags = readColumn(reader, count, () => reader.count());
  const lengths = readColumn(reader, count, () => reader.count());
  const publicLengths = readColumn(reader, count, (index) => ((flags[index] ?? 0) & marks.ownPublic ? reader.count() : 0));
  return { flags, lengths, publicLengths };
}

function markOf({ author, callId, bytes, public: part }: StoredEntry, before: StoredEntry | undefined): number {
  return (
    (part === undefined ? 0 : part.bytes === bytes ? marks.public : marks.public | marks.ownPublic) |
    (author === undefined ? 0 : author === before?.author ? marks.author | marks.sameAuthor : marks.author) |
    (callId === undefined ? 0 : isUuid(callId) ? marks.uuid : marks.callId)
  );
}
