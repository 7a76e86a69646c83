import { join } from "node:path";
import type { Writer } from "./writer.ts";
import { HistoryFile } from "./history.ts";
import { isRetryable, type RawInput } from "./raw-frames.ts";
import { RawMember, type RawReply } from "./raw-member.ts";
import { makeCallId, pick, pickCondition } from "./chance.ts";

interface Pending {
  readonly room: string;
  readonly callId: string;
  readonly input: RawInput;
  readonly since: number;
  /** How often it has been sent. */
  copies: number;
}

/** The part of the calls that is sent twice, on one connection or over both at the same time, so that it is a tenth of all calls of a run. */
const twiceChance = 0.5;
/** Where two copies might be decided differently they are worth more. */
const evenTwiceChance = 0.7;
const rejoinChance = 0.02;
const giveUpMs = 20_000;
const lookMs = 1_000;
const retryMs = 200;

export interface RawWriterOptions {
  readonly name: string;
  /** Asked for each connection. */
  readonly url: () => string;
  readonly folder: string;
  readonly rooms: readonly string[];
}

/** One user with two connections, who sends some calls twice, and all that are not answered again, until they are. */
export class RawWriter implements Writer {
  readonly name: string;
  readonly rooms: readonly string[];
  twice = 0;
  readonly #histories: readonly [HistoryFile, HistoryFile];
  readonly #members: readonly [RawMember, RawMember];
  readonly #pending = new Map<string, Pending>();
  readonly #looking: NodeJS.Timeout;
  #calls = 0;

  constructor({ name, url, folder, rooms }: RawWriterOptions) {
    this.rooms = rooms;
    this.name = name;
    this.#histories = [new HistoryFile(join(folder, `${name}a.jsonl`)), new HistoryFile(join(folder, `${name}b.jsonl`))];
    const member = (which: 0 | 1): RawMember =>
      new RawMember({
        url,
        userId: name,
        rooms,
        history: this.#histories[which],
        events: {
          onJoined: (room) => (which === 0 ? this.#resend(room) : undefined),
          onReply: (room, callId, reply) => this.#told(room, callId, reply, which),
        },
      });
    this.#members = [member(0), member(1)];
    this.#looking = setInterval(() => this.#giveUp(), lookMs);
  }

  get isHere(): boolean {
    return this.#members.every((member) => member.isHere);
  }

  get openCalls(): number {
    return this.#pending.size;
  }

  /** Makes one call; sometimes it joins once more instead. */
  write(): void {
    if (Math.random() < rejoinChance) return this.#members[Math.random() < 0.5 ? 0 : 1].joinAgain(pick(this.rooms), Math.random() < 0.5);
    this.append(pick(this.rooms), { mark: `${this.name}.${++this.#calls}`, when: pickCondition() });
  }

  append(room: string, input: RawInput): void {
    const call: Pending = { room, callId: makeCallId(), input, since: performance.now(), copies: 0 };
    this.#histories[0].write({ kind: "sent", room, callId: call.callId, ...input });
    this.#pending.set(call.callId, call);
    const isTwice = Math.random() < (input.when === "even" ? evenTwiceChance : twiceChance);
    const isSplit = isTwice && (input.when === "even" || Math.random() < 0.5);
    // What a refusal depends on may change between the copies: a caller who marks both as copies is told the same of both.
    this.#send(call, 0, isSplit && input.when === "even");
    if (isTwice) this.#send(call, isSplit ? 1 : 0, true);
  }

  isCaughtUp(room: string, mark: string): boolean {
    return this.#members.every((member) => member.stateOf(room).last === mark);
  }

  nudge(): void {}

  end(): Promise<void> {
    clearInterval(this.#looking);
    for (const member of this.#members) member.end();
    return Promise.resolve();
  }

  #send(call: Pending, which: 0 | 1, isRepeat: boolean): void {
    const { room, callId, input } = call;
    if (this.#members[which].call(room, callId, input, isRepeat) && ++call.copies === 2) this.twice++;
  }

  /** All calls to a room that are not settled, in their order. */
  #resend(room: string): void {
    for (const call of this.#pending.values()) if (call.room === room) this.#send(call, 0, true);
  }

  #told(room: string, callId: string, reply: RawReply, which: 0 | 1): void {
    const history = this.#histories[which];
    if (reply.t === "a") history.write({ kind: "accepted", room, callId, epoch: reply.p[0], count: reply.p[1], value: reply.d });
    else if (reply.t === "r") history.write({ kind: "refused", room, callId, code: reply.e });
    else if (!isRetryable(reply.e)) history.write({ kind: "failed", room, callId, code: reply.e });
    else {
      // It is sent again over the first connection, whichever copy it was, with those behind it.
      if (which === 0) setTimeout(() => this.#resend(room), reply.y ?? retryMs);
      return;
    }
    this.#pending.delete(callId);
  }

  #giveUp(): void {
    const since = performance.now() - giveUpMs;
    for (const call of this.#pending.values()) {
      if (call.since > since) return;
      this.#histories[0].write({ kind: "unknown", room: call.room, callId: call.callId, code: "UNKNOWN_OUTCOME" });
      this.#pending.delete(call.callId);
    }
  }
}
