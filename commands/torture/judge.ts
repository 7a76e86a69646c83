import { CallBook, type CallCounts } from "./call-book.ts";
import { type FindingCounts, Findings } from "./findings.ts";
import type { HistoryRecord } from "./history.ts";
import { MemberStream } from "./member-stream.ts";
import { type FileRoom, RoomPast } from "./room-past.ts";

/** What a run came to. */
export interface Verdict extends CallCounts, FindingCounts {
  /** Members whose history was read: one for each room of each connection. */
  readonly members: number;
  readonly entries: number;
  /** Snapshots that members took. */
  readonly snapshots: number;
}

/** Compares what members wrote down, record by record, with what the file has. */
export class Judge {
  readonly findings = new Findings();
  readonly #pasts: ReadonlyMap<string, RoomPast>;
  readonly #calls = new CallBook(this.findings);
  readonly #streams = new Map<string, MemberStream>();
  #snapshots = 0;

  constructor(rooms: readonly FileRoom[]) {
    this.#pasts = new Map(rooms.map((room) => [room.name, new RoomPast(room, this.findings)]));
  }

  /** `who`: whose history it is; records of one member come in their order. @throws Error for a room that the file does not have. */
  take(who: string, record: HistoryRecord): void {
    const past = this.#past(record.room);
    if (record.kind === "sent") return this.#calls.sent(who, past, record);
    if (record.kind === "accepted" || record.kind === "refused" || record.kind === "failed" || record.kind === "unknown") {
      return this.#calls.told(who, past, record);
    }
    const stream = this.#stream(who, past);
    switch (record.kind) {
      case "saw":
        return stream.saw(record);
      case "snapshot":
        this.#snapshots++;
        return stream.snapshot(record);
      case "forgot":
        return stream.forgot();
      case "quit":
        return stream.quit();
      case "stood":
        return stream.stood(record);
      case "ended":
        return stream.ended(record);
    }
  }

  /** Once all histories have been taken. */
  close(): Verdict {
    for (const stream of this.#streams.values()) stream.close();
    for (const past of this.#pasts.values()) past.close(this.findings);
    const calls = this.#calls.close(this.#pasts.values());
    const entries = [...this.#pasts.values()].reduce((sum, { head }) => sum + head, 0);
    return { members: this.#streams.size, entries, snapshots: this.#snapshots, ...calls, ...this.findings.counts };
  }

  #past(room: string): RoomPast {
    const past = this.#pasts.get(room);
    if (past === undefined) throw new Error(`The file has no room ${room}, of which a member writes`);
    return past;
  }

  #stream(who: string, past: RoomPast): MemberStream {
    const key = `${who} ${past.name}`;
    const stream = this.#streams.get(key) ?? new MemberStream(who, past, this.findings);
    this.#streams.set(key, stream);
    return stream;
  }
}
