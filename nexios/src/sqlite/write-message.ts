// A hot file: every entry goes through it. Watched by `npm run bench -- edits`.
import type { Offset, Outcome, StoredEntry } from "../log/log.ts";
import type { RoomRow } from "../log/rows/room-row.ts";
import type { Run } from "./run.ts";
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

/** A batch in a few large pieces too: each name of a field of an object is handed over with it. */
interface BatchMessage {
  readonly id: number;
  readonly isNew: boolean;
  readonly name: string;
  readonly epoch: string;
  /** Of the room's row, and behind them of the run, if there is one. */
  readonly numbers: Float64Array;
  readonly run: Uint8Array | undefined;
  readonly entries: EntriesMessage;
  readonly outcomes: readonly Outcome[];
  readonly erase: readonly Offset[];
}

/** A write as it is handed over to the writer's thread. */
export type WriteMessage = { readonly request: WriteRequest } | BatchMessage;

const numbersOfEach = 9;
const numbersOfRow = 20;
const none = -1;
const same = -2;

/** What `fromMessage` makes a request of again. */
export function toMessage(request: WriteRequest): WriteMessage {
  const { id, write } = request;
  if (write.kind !== "batch") return { request };
  const { row, isNew, run, entries, outcomes, erase } = write;
  const numbers = Float64Array.from(run === undefined ? numbersOf(row) : [...numbersOf(row), ...numbersOfRun(run)]);
  return { id, isNew, name: row.name, epoch: row.head.epoch, numbers, run: run?.bytes, entries: pour(entries), outcomes, erase };
}

/** The request, its entries' bytes as views of what was handed over. */
export function fromMessage(message: WriteMessage): WriteRequest {
  if ("request" in message) return message.request;
  const { id, isNew, name, epoch, numbers, run: bytes, entries, outcomes, erase } = message;
  const row = toRow(name, epoch, numbers);
  const run = bytes && toRun(numbers.subarray(numbersOfRow), bytes);
  return { id, write: { kind: "batch", row, isNew, entries: draw(entries), run, outcomes, erase } };
}

function numbersOf({ id, check, head, trimmedCheck, trimmedPublicCheck, changedAt, entries, bytes, outcomes, checkpoint }: RoomRow): readonly number[] {
  return [
    id,
    check,
    head.offset,
    head.check,
    head.position,
    head.publicCheck,
    head.version,
    head.callsSince,
    head.wakeAt ?? NaN,
    head.firstOffset,
    head.firstPosition,
    trimmedCheck,
    trimmedPublicCheck,
    changedAt,
    entries,
    bytes,
    outcomes.count,
    outcomes.bytes,
    outcomes.checks,
    checkpoint ?? NaN,
  ];
}

function toRow(name: string, epoch: string, numbers: Float64Array): RoomRow {
  const [wakeAt, checkpoint] = [numbers[8]!, numbers[19]!];
  return {
    id: numbers[0]!,
    name,
    check: numbers[1]!,
    head: {
      epoch,
      offset: numbers[2]!,
      check: numbers[3]!,
      position: numbers[4]!,
      publicCheck: numbers[5]!,
      version: numbers[6]!,
      callsSince: numbers[7]!,
      wakeAt: Number.isNaN(wakeAt) ? undefined : wakeAt,
      firstOffset: numbers[9]!,
      firstPosition: numbers[10]!,
    },
    trimmedCheck: numbers[11]!,
    trimmedPublicCheck: numbers[12]!,
    changedAt: numbers[13]!,
    entries: numbers[14]!,
    bytes: numbers[15]!,
    outcomes: { count: numbers[16]!, bytes: numbers[17]!, checks: numbers[18]! },
    checkpoint: Number.isNaN(checkpoint) ? undefined : checkpoint,
  };
}

function numbersOfRun({ firstOffset, lastOffset, beforeCheck, lastCheck, beforePosition, lastPosition, at }: Run): readonly number[] {
  return [firstOffset, lastOffset, beforeCheck, lastCheck, beforePosition, lastPosition, at];
}

function toRun(numbers: Float64Array, bytes: Uint8Array): Run {
  return {
    firstOffset: numbers[0]!,
    lastOffset: numbers[1]!,
    beforeCheck: numbers[2]!,
    lastCheck: numbers[3]!,
    beforePosition: numbers[4]!,
    lastPosition: numbers[5]!,
    at: numbers[6]!,
    bytes,
  };
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
