import type { CallStorage, Wire } from "nexios/client";
import { join } from "node:path";
import { between, pickCondition, pickRoom } from "./chance.ts";
import { HistoryFile } from "./history.ts";
import type { RawInput } from "./raw-frames.ts";
import { ShippedMember } from "./shipped-member.ts";
import { roomNames } from "./torture-room.ts";
import type { Writer } from "./writer.ts";

export interface ShippedWriterOptions {
  readonly name: string;
  readonly url: string | readonly string[];
  readonly folder: string;
  readonly wire: Wire;
  /** Where its calls outlive a reload. */
  readonly storage: CallStorage | undefined;
  /** How often it closes its client in place of a call, and comes back with a new one, as a page that is reloaded. */
  readonly reloadChance: number;
}

const leaveChance = 0.01;
const longestAwayMs = 4_000;

/** One user of the client as it is shipped. */
export class ShippedWriter implements Writer {
  readonly name: string;
  readonly rooms = roomNames;
  /** Whether to send again is the client's own business. */
  readonly twice = 0;
  readonly #options: ShippedWriterOptions;
  #member: ShippedMember;
  /** Members of before a reload, until their calls have been told. */
  readonly #before = new Set<ShippedMember>();
  #members = 0;
  #calls = 0;

  constructor(options: ShippedWriterOptions) {
    this.name = options.name;
    this.#options = options;
    this.#member = this.#come();
  }

  get isHere(): boolean {
    return this.#member.isHere;
  }

  get openCalls(): number {
    return [this.#member, ...this.#before].reduce((sum, { openCalls }) => sum + openCalls, 0);
  }

  write(): void {
    const chance = Math.random();
    if (chance < this.#options.reloadChance) return this.#reload();
    if (chance > 1 - leaveChance) return this.#member.leaveFor(pickRoom(), between(0, longestAwayMs));
    this.append(pickRoom(), { mark: `${this.name}.${++this.#calls}`, when: pickCondition() });
  }

  append(room: string, input: RawInput): void {
    this.#member.append(room, input);
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

  #come(): ShippedMember {
    const { url, folder, wire, storage } = this.#options;
    const history = new HistoryFile(join(folder, `${this.name}.${++this.#members}.jsonl`));
    return new ShippedMember({ url, userId: this.name, wire, storage, history });
  }

  #reload(): void {
    this.#before.add(this.#member);
    void this.#member.close("quit");
    this.#member = this.#come();
  }
}
