import type { Wire } from "nexios/client";
import { join } from "node:path";
import { HistoryFile } from "../history.ts";
import type { Member } from "../member.ts";
import { ShippedMember } from "../shipped-member.ts";
import { roomNames } from "../torture-room.ts";

export interface ShippedReaderOptions {
  readonly name: string;
  readonly urls: readonly string[];
  readonly folder: string;
  readonly wire: Wire;
}

/** One who reads all rooms by the client as it is shipped, and is shown in the first. */
export class ShippedReader implements Member {
  readonly name: string;
  readonly rooms = roomNames;
  readonly #member: ShippedMember;

  constructor({ name, urls, folder, wire }: ShippedReaderOptions) {
    this.name = name;
    const history = new HistoryFile(join(folder, `${name}.jsonl`));
    this.#member = new ShippedMember({ url: urls, userId: name, wire, storage: undefined, history, isShown: true });
  }

  get isHere(): boolean {
    return this.#member.isHere;
  }

  isCaughtUp(room: string, mark: string): boolean {
    return this.#member.isCaughtUp(room, mark);
  }

  nudge(): void {
    this.#member.retryNow();
  }

  end(): Promise<void> {
    return this.#member.close("ended");
  }
}
