// A hot file: every entry goes through it. Watched by `npm run bench -- edits`.
import type { StoredEntry } from "../log/log.ts";
import type { WriteRequest } from "./write.ts";

/** Entries in a few large pieces: to hand over many small ones to another thread costs more than to write them. */
interface EntriesMessage {
  /** `numbersOfEach` of each entry. */
  readonly numbers: Float64Array;
  /** Author and call id of each. */
  readonly texts: readonly (string | undefined)[];
  /** Their bytes, one after the other, and those of public parts that are others. */
  readonly content: Uint8Array;
}

/** A write as it is handed over to the writer's thread. */
export type WriteMessage = { readonly request: WriteRequest; readonly entries: EntriesMessage | undefined };

const numbersOfEach = 9;
const none = -1;
const same = -2;

/** What `fromMessage` makes a request of again. */
export function toMessage(request: WriteRequest): WriteMessage {
  const { id, write } = request;
  if (write.kind !== "batch") return { request, entries: undefined };
  return { request: { id, write: { ...write, entries: [] } }, entries: pour(write.entries) };
}

/** The request, its entries' bytes as views of what was handed over. */
export function fromMessage({ request, entries }: WriteMessage): WriteRequest {
  const { id, write } = request;
  return entries === undefined || write.kind !== "batch" ? request : { id, write: { ...write, entries: draw(entries) } };
}

function pour(entries: readonly StoredEntry[]): EntriesMessage {
  const numbers = new Float64Array(entries.length * numbersOfEach);
  const texts: (string | undefined)[] = [];
  const contents: Uint8Array[] = [];
  let [at, length] = [0, 0];
  const add = (bytes: Uint8Array): number => {
    contents.push(bytes);
    length += bytes.length;
    return bytes.length;
  };
  for (const { offset, check, at: time, author, callId, version, bytes, public: part, erased } of entries) {
    numbers[at++] = offset;
    numbers[at++] = check;
    numbers[at++] = time;
    numbers[at++] = version;
    numbers[at++] = erased ? 1 : 0;
    numbers[at++] = add(bytes);
    numbers[at++] = part === undefined ? none : part.bytes === bytes ? same : add(part.bytes);
    numbers[at++] = part?.position ?? 0;
    numbers[at++] = part?.check ?? 0;
    texts.push(author, callId);
  }
  const content = new Uint8Array(length);
  let end = 0;
  for (const bytes of contents) {
    content.set(bytes, end);
    end += bytes.length;
  }
  return { numbers, texts, content };
}

function draw({ numbers, texts, content }: EntriesMessage): readonly StoredEntry[] {
  const entries: StoredEntry[] = [];
  let end = 0;
  const take = (length: number): Uint8Array => content.subarray(end, (end += length));
  for (let index = 0, at = 0; at < numbers.length; index++, at += numbersOfEach) {
    const bytes = take(numbers[at + 5]!);
    const publicLength = numbers[at + 6]!;
    entries.push({
      offset: numbers[at]!,
      check: numbers[at + 1]!,
      at: numbers[at + 2]!,
      author: texts[2 * index],
      callId: texts[2 * index + 1],
      version: numbers[at + 3]!,
      erased: numbers[at + 4] === 1,
      bytes,
      public:
        publicLength === none ? undefined : { position: numbers[at + 7]!, check: numbers[at + 8]!, bytes: publicLength === same ? bytes : take(publicLength) },
    });
  }
  return entries;
}
