import type { Findings } from "../findings.ts";
import type { HistoryRecord } from "../history.ts";
import { count as fold, emptyTally, type Marked, type Tally } from "../torture-room.ts";

type Of<Kind extends HistoryRecord["kind"]> = Extract<HistoryRecord, { readonly kind: Kind }>;

/** Where one member stands, and what it has not seen below. */
interface Stream {
  epoch: string | undefined;
  last: number;
  readonly missing: Set<number>;
  ended: Of<"ended"> | undefined;
}

interface State {
  readonly who: string;
  readonly epoch: string;
  readonly count: number;
  readonly state: Tally;
}

/**
 * Compares what members wrote down of a room whose log may be lost with what the others did: there is no file to compare it with. Within an epoch all have seen the same at
 * each place, and nothing twice; another epoch begins with a snapshot; in the end all are in the same one.
 */
export class PassingJudge {
  readonly #findings: Findings;
  /** What was seen, by place, of each epoch. */
  readonly #epochs = new Map<string, Map<number, Marked>>();
  readonly #streams = new Map<string, Stream>();
  readonly #states: State[] = [];
  readonly #sent = new Map<string, string>();
  readonly #told = new Map<string, Of<"accepted" | "refused" | "failed" | "unknown">[]>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** How many logs the room has had. */
  get epochs(): number {
    return this.#epochs.size;
  }

  /** `who`: whose history it is; records of one member come in their order. */
  take(who: string, record: HistoryRecord): void {
    const stream = this.#streams.get(who) ?? { epoch: undefined, last: 0, missing: new Set(), ended: undefined };
    this.#streams.set(who, stream);
    switch (record.kind) {
      case "sent":
        this.#sent.set(record.callId, who);
        return;
      case "accepted":
      case "refused":
      case "failed":
      case "unknown":
        this.#told.set(record.callId, [...(this.#told.get(record.callId) ?? []), record]);
        return;
      case "saw":
        return this.#saw(who, stream, record);
      case "snapshot":
        return this.#snapshot(who, stream, record);
      case "forgot":
        this.#countLost(who, stream);
        [stream.epoch, stream.last] = [undefined, 0];
        return;
      case "stood":
        return this.#note(who, record);
      case "ended":
        stream.ended = record;
        return this.#note(who, record);
      case "quit":
        return;
    }
  }

  /** Once all histories have been taken. */
  close(): void {
    const ends = [...this.#streams.values()].map(({ ended }) => ended).filter((ended) => ended !== undefined);
    const last = ends.find(({ epoch }) => epoch !== undefined && epoch !== "");
    for (const [who, stream] of this.#streams) {
      this.#countLost(who, stream);
      const { ended } = stream;
      const isThere = ended !== undefined && ended.epoch === last?.epoch && ended.count === last?.count;
      if (!isThere) this.#add("behind", `${who} ended at ${ended?.epoch} ${ended?.count}, another at ${last?.epoch} ${last?.count}`);
    }
    for (const [epoch, places] of this.#epochs) this.#judgeEpoch(epoch, places);
    this.#judgeStates();
    this.#judgeCalls(last);
  }

  #saw(who: string, stream: Stream, { epoch = "", count, value }: Of<"saw">): void {
    const places = this.#placesOf(epoch);
    const known = places.get(count);
    places.set(count, known ?? value);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(value)) {
      this.#add("reordered", `${who} saw ${value.mark} at ${epoch} ${count}, and another saw ${known.mark}`);
    }
    // A log begins with its first entry: whoever stood before it needs no snapshot.
    if (stream.epoch !== epoch && !(stream.last === 0 && count === 1))
      this.#add("reordered", `${who} saw ${epoch} ${count} behind ${stream.epoch} ${stream.last}`);
    stream.epoch = epoch;
    if (count > stream.last) {
      for (let missed = stream.last + 1; missed < count; missed++) stream.missing.add(missed);
      stream.last = count;
    } else this.#add(stream.missing.delete(count) ? "reordered" : "doubled", `${who} saw ${epoch} ${count} after ${stream.last}`);
  }

  #snapshot(who: string, stream: Stream, record: Of<"snapshot">): void {
    const { epoch, count } = record;
    if (epoch === stream.epoch && count < stream.last) this.#add("reordered", `${who} had a snapshot of ${epoch} ${count} after ${stream.last}`);
    // What the former log had behind the last that it saw is gone with that log.
    stream.missing.clear();
    [stream.epoch, stream.last] = [epoch, count];
    this.#note(who, record);
  }

  #note(who: string, { epoch = "", count, state }: Of<"snapshot" | "stood" | "ended">): void {
    this.#states.push({ who, epoch, count, state });
  }

  #countLost(who: string, { epoch, missing }: Stream): void {
    this.#findings.add("lost", `passing: ${who} never saw ${[...missing].slice(0, 5).join(", ")} of ${epoch}`, missing.size);
    missing.clear();
  }

  #judgeEpoch(epoch: string, places: ReadonlyMap<number, Marked>): void {
    const placeOf = new Map<string, number>();
    for (const [count, { mark, when }] of places) {
      const other = placeOf.get(mark);
      if (other !== undefined) this.#add("twice", `${mark} is at ${other} and ${count} of ${epoch}`);
      placeOf.set(mark, count);
      if (when === "never" || (when === "even" && count % 2 === 0)) this.#add("misruled", `${epoch} ${count}: ${mark} (${when})`);
    }
  }

  /** Each against the fold of what was seen, as far as all of it was. */
  #judgeStates(): void {
    const folded = new Map([...this.#epochs].map(([epoch, places]) => [epoch, foldAll(places)]));
    for (const { who, epoch, count, state } of this.#states) {
      const right = folded.get(epoch)?.[count];
      if (right !== undefined && JSON.stringify(right) !== JSON.stringify(state)) {
        this.#add("wrongStates", `${who} at ${epoch} ${count}: ${JSON.stringify(state)}, not ${JSON.stringify(right)}`);
      }
    }
  }

  /** Of an epoch that is lost nothing is promised; within one all is. What nobody saw, since all came to it by a snapshot, is told by a state at that place. */
  #judgeCalls(last: Of<"ended"> | undefined): void {
    const lastMarks = new Map(this.#states.map(({ epoch, count, state }) => [`${epoch} ${count}`, state.last]));
    for (const [callId, who] of this.#sent) if (!this.#told.has(callId)) this.#add("unsettled", `${who}, call ${callId}`);
    for (const [callId, told] of this.#told) {
      const accepted = told.filter((each) => each.kind === "accepted");
      for (const { epoch = "", count, value } of accepted) {
        const mark = this.#epochs.get(epoch)?.get(count)?.mark ?? lastMarks.get(`${epoch} ${count}`);
        if (mark !== undefined && mark !== value.mark) this.#add("contradicted", `call ${callId} was told to be at ${epoch} ${count}, where ${mark} is`);
        if (epoch === last?.epoch && count > last.count) this.#add("acknowledgedLost", `call ${callId} was told to be at ${epoch} ${count}`);
        const twin = accepted.find((other) => other.epoch === epoch && other.count !== count);
        if (twin !== undefined) this.#add("contradicted", `call ${callId} was told to be at ${count} and ${twin.count} of ${epoch}`);
      }
    }
  }

  #placesOf(epoch: string): Map<number, Marked> {
    const places = this.#epochs.get(epoch) ?? new Map<number, Marked>();
    this.#epochs.set(epoch, places);
    return places;
  }

  #add(kind: Parameters<Findings["add"]>[0], what: string): void {
    this.#findings.add(kind, `passing: ${what}`);
  }
}

/** The states behind each place, as far as all before it were seen. */
function foldAll(places: ReadonlyMap<number, Marked>): readonly Tally[] {
  const states: Tally[] = [emptyTally];
  for (let count = 1, value = places.get(1); value !== undefined; value = places.get(++count)) states.push(fold(states.at(-1) ?? emptyTally, value));
  return states;
}
