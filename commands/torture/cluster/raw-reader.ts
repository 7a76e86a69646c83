import { join } from "node:path";
import { HistoryFile } from "../history.ts";
import type { Member } from "../member.ts";
import { RawMember, type RawShowing } from "../raw-member.ts";

export interface RawReaderOptions {
  readonly name: string;
  /** Asked for each connection. */
  readonly url: () => string;
  readonly folder: string;
  readonly rooms: readonly string[];
  readonly awayMs: () => number;
  readonly showing: RawShowing;
}

/** One who reads all rooms over the protocol itself, and is shown in the first. */
export class RawReader implements Member {
  readonly name: string;
  readonly rooms: readonly string[];
  readonly #member: RawMember;

  constructor({ name, url, folder, rooms, awayMs, showing }: RawReaderOptions) {
    this.name = name;
    this.rooms = rooms;
    const history = new HistoryFile(join(folder, `${name}.jsonl`));
    this.#member = new RawMember({ url, userId: name, rooms, history, awayMs, showing, events: { onJoined: ignore, onReply: ignore } });
  }

  get isHere(): boolean {
    return this.#member.isHere;
  }

  isCaughtUp(room: string, mark: string): boolean {
    return this.#member.stateOf(room).last === mark;
  }

  nudge(): void {}

  end(): Promise<void> {
    this.#member.end();
    return Promise.resolve();
  }
}

function ignore(): void {}
