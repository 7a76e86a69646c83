import { type ErrorCode, isRetryable } from "../protocol/codes.ts";
import type { ClientFrame } from "../protocol/frame.ts";
import type { Position } from "../protocol/position.ts";
import type { Cancel } from "../world/clock.ts";
import { backoffMs } from "./backoff.ts";
import { drawCallId } from "./call-ids.ts";
import type { DeviceLine, ReplyFrame } from "./device-line.ts";
import type { DeviceServices } from "./device-services.ts";
import type { NewRequest, RequestRecord, Settled } from "./request-record.ts";

interface Open {
  readonly record: RequestRecord;
  readonly onSettled: ((settled: Settled) => void) | undefined;
  state: "held" | "sent" | "replied";
  /** Of this connection. */
  id: number | undefined;
  wasSent: boolean;
  reply: Settled | undefined;
  cancelDeadline: Cancel;
}

const deadlineMs = 30_000;

/** A device's calls and questions to one room: kept over connections, sent again in order, and settled once. */
export class DeviceRequests {
  readonly records: RequestRecord[] = [];
  readonly #services: DeviceServices;
  readonly #hasReached: (position: Position) => boolean;
  #open: Open[] = [];
  #at: { readonly line: DeviceLine; readonly room: number } | undefined;
  #cancelRetry: Cancel | undefined;
  #failures = 0;

  /** `hasReached`: whether the room stands at or past a position. */
  constructor(services: DeviceServices, hasReached: (position: Position) => boolean) {
    this.#services = services;
    this.#hasReached = hasReached;
  }

  /** Requests that are not settled. */
  get open(): number {
    return this.#open.filter(({ record }) => record.settled === undefined).length;
  }

  add({ kind, name, input, callId, againAfterMs, onSettled }: NewRequest): RequestRecord {
    const { scheduler, random } = this.#services;
    const id = kind === "ask" ? "" : (callId ?? drawCallId(this.#services.now(), random));
    const record: RequestRecord = {
      kind,
      name,
      input,
      callId: id,
      madeAtMs: scheduler.now,
      replies: [],
      connections: 0,
      settled: undefined,
      settledAtMs: undefined,
    };
    this.records.push(record);
    const cancelDeadline = scheduler.after(deadlineMs, () => this.#settle(open, open.reply ?? { kind: "unknown" }));
    const open: Open = { record, onSettled, state: "held", id: undefined, wasSent: callId !== undefined, reply: undefined, cancelDeadline };
    this.#open.push(open);
    // While an earlier one waits to be sent again, a later one would only fail like it.
    if (this.#cancelRetry === undefined) this.#send([open]);
    if (againAfterMs !== undefined) scheduler.after(againAfterMs, () => this.#sendAgain(open));
    return record;
  }

  /** The device is in the room: what is open is sent, in order. */
  begin(line: DeviceLine, room: number): void {
    this.end();
    this.#at = { line, room };
    this.#open = this.#open.filter(({ record }) => record.settled === undefined);
    for (const open of this.#open) {
      open.id = undefined;
      if (open.state !== "replied") open.state = "held";
    }
    this.#send(this.#open);
  }

  /** The device is not in the room any more. */
  end(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#at = undefined;
  }

  /** The device may not come back: what was never sent fails, and of the rest nobody will tell. */
  fail(code: ErrorCode): void {
    this.end();
    const failed: Settled = { kind: "failed", id: 0, code, message: "", path: undefined, retryAfterMs: undefined };
    for (const open of this.#open) this.#settle(open, open.reply ?? (open.wasSent ? { kind: "unknown" } : failed));
  }

  /** The room stands elsewhere: what waited for that is settled. */
  moved(): void {
    for (const open of this.#open) this.#settleIfReached(open);
  }

  #send(requests: readonly Open[]): void {
    const at = this.#at;
    const due = requests.filter(({ state }) => state === "held");
    if (at === undefined || due.length === 0) return;
    at.line.send(...due.map((open) => this.#toFrame(open, at.line, at.room)));
  }

  #sendAgain(open: Open): void {
    if (this.#at === undefined || open.state !== "sent" || open.record.settled !== undefined) return;
    this.#at.line.send(this.#toFrame(open, this.#at.line, this.#at.room));
  }

  #toFrame(open: Open, line: DeviceLine, room: number): ClientFrame {
    const { kind, name, input, callId } = open.record;
    if (open.id === undefined) open.record.connections++;
    const id = (open.id ??= line.newId((frame) => this.#take(open, frame)));
    const isRepeat = open.wasSent;
    open.state = "sent";
    open.wasSent = true;
    return kind === "ask" ? { kind, id, room, name, input } : { kind, id, room, name, input, callId, isRepeat };
  }

  #take(open: Open, frame: ReplyFrame): void {
    open.record.replies.push(frame);
    if (open.state === "replied") return;
    // It was sent to a room that the device is out of, and is sent again when it is in.
    if (frame.kind === "failed" && (this.#at === undefined || open.id !== frame.id)) return;
    if (frame.kind === "failed" && isRetryable(frame.code)) return this.#later(open, frame.retryAfterMs ?? 0);
    this.#failures = 0;
    open.state = "replied";
    // Of all frames only these answer a request of this kind; another one is for the judges to find.
    open.reply = frame as Settled;
    this.#settleIfReached(open);
  }

  /** Sent again with all that failed with it: the room takes no later one before it. */
  #later(open: Open, afterMs: number): void {
    open.state = "held";
    if (this.#at === undefined) return;
    this.#cancelRetry ??= this.#services.scheduler.after(afterMs + backoffMs(this.#failures++, this.#services.random), () => {
      this.#cancelRetry = undefined;
      this.#send(this.#open);
    });
  }

  #settleIfReached(open: Open): void {
    const { reply } = open;
    if (reply === undefined || (reply.kind === "accepted" && !this.#hasReached(reply.position))) return;
    this.#settle(open, reply);
    this.#open = this.#open.filter((other) => other !== open);
  }

  /** One that is given up stays in its place, as long as the connection lives, so that those behind it are not held up for ever. */
  #settle(open: Open, settled: Settled): void {
    if (open.record.settled !== undefined) return;
    open.cancelDeadline();
    open.record.settled = settled;
    open.record.settledAtMs = this.#services.scheduler.now;
    open.onSettled?.(settled);
  }
}
