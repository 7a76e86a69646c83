// Hot: most of a crowd is of these, in one process.
import type { BidResult, Lot, Next } from "nexios/auction";
import { crc32 } from "node:zlib";
import { type Bidder, toLine } from "./auction-bidder.ts";
import { currency, hashAfter, lotRoom } from "./auction-lot.ts";
import { AuctionSocket } from "./auction-socket.ts";
import type { ToldFile } from "./auction-told.ts";
import { makeCallId } from "./chance.ts";
import { isRetryable, type RawPosition } from "./raw-frames.ts";

/** What a server may send to it. */
type Frame =
  | { readonly t: "j"; readonly r: number }
  | { readonly t: "s"; readonly p: RawPosition; readonly o: number; readonly d: Lot }
  | { readonly t: "a"; readonly i: number; readonly p: RawPosition; readonly d: BidResult }
  | { readonly t: "r"; readonly i: number; readonly e: string; readonly d?: Partial<Next> }
  | { readonly t: "f"; readonly i: number; readonly e: string; readonly y?: number }
  | { readonly t: "l" | "x" };

interface Call {
  readonly callId: string;
  readonly maximum: number;
  /** Its number on this connection. */
  id: number;
}

/** Undecided bids of one bidder; who would have more has to wait. */
const mostOpen = 4;
const reconnectMs = 300;
const retryMs = 200;
/** Of the bids: they are sent twice at once, as a client does that takes a slow reply for a lost one. */
const twiceChance = 0.02;

/** A bidder who speaks the protocol itself, keeps a hash of all that it sees, and sends what was not answered again, over as many connections as it takes. */
export class RawBidder implements Bidder {
  readonly name: string;
  minimum = 0;
  isOver = false;
  resent = 0;
  readonly #port: number;
  readonly #told: ToldFile;
  readonly #onReply: (sentAt: number) => void;
  readonly #calls = new Map<string, Call & { readonly sentAt: number }>();
  #byId = new Map<number, string>();
  #socket: AuctionSocket | undefined;
  #room: number | undefined;
  #lastId = 0;
  #retrying: NodeJS.Timeout | undefined;
  #position: RawPosition | undefined;
  #from = 0;
  #hash = 0;
  #price = 0;
  #faults = 0;
  #hasEnded = false;

  constructor(name: string, port: number, told: ToldFile, onReply: (sentAt: number) => void) {
    this.name = name;
    this.#port = port;
    this.#told = told;
    this.#onReply = onReply;
    this.#connect();
  }

  get isHere(): boolean {
    return this.#room !== undefined && this.#position !== undefined;
  }

  get open(): number {
    return this.#calls.size;
  }

  bid(maximum: number): boolean {
    if (this.#room === undefined || this.#retrying !== undefined || this.#calls.size >= mostOpen) return false;
    const call = { callId: makeCallId(), maximum, id: 0, sentAt: performance.now() };
    this.#calls.set(call.callId, call);
    this.#send(call, false);
    if (Math.random() < twiceChance) this.#send(call, true);
    return true;
  }

  end(): void {
    this.#hasEnded = true;
    clearTimeout(this.#retrying);
    this.#socket?.end();
    for (const { callId } of this.#calls.values()) this.#told.write({ kind: "unknown", who: this.name, callId, code: "UNKNOWN_OUTCOME" });
    this.#told.write({ kind: "seen", who: this.name, from: this.#from, count: this.#position?.[1] ?? 0, hash: this.#hash, faults: this.#faults });
  }

  #connect(): void {
    if (this.#hasEnded) return;
    this.#lastId = 1;
    this.#byId = new Map();
    const socket = new AuctionSocket(this.#port, {
      onOpen: () => {
        const join = { t: "j", i: 1, r: lotRoom, v: 1, ...(this.#position !== undefined && { p: this.#position }) };
        socket.send(`${JSON.stringify({ t: "o", token: this.name, client: "torture" })}\n${JSON.stringify(join)}`);
      },
      onText: (text) => {
        for (const line of text.split("\n")) this.#take(line);
      },
      onEnd: () => {
        this.#room = undefined;
        clearTimeout(this.#retrying);
        this.#retrying = undefined;
        setTimeout(() => this.#connect(), reconnectMs * Math.random());
      },
    });
    this.#socket = socket;
  }

  #send(call: Call, isRepeat: boolean): void {
    if (!this.#byId.has(call.id) || this.#byId.get(call.id) !== call.callId) {
      call.id = ++this.#lastId;
      this.#byId.set(call.id, call.callId);
    }
    if (isRepeat) this.resent++;
    const repeat = isRepeat ? `,"isRepeat":1` : "";
    const input = `{"maximum":${call.maximum},"currency":"${currency}"}`;
    this.#socket?.send(`{"t":"c","i":${call.id},"r":${this.#room},"n":"bid","q":"${call.callId}"${repeat},"d":${input}}`);
  }

  /** All that was not answered, in its order. */
  #resend(): void {
    this.#retrying = undefined;
    for (const call of this.#calls.values()) this.#send(call, true);
  }

  #take(line: string): void {
    if (line.startsWith(`{"t":"e"`)) return this.#takeEntry(line);
    const frame = JSON.parse(line) as Frame;
    switch (frame.t) {
      case "j":
        this.#room = frame.r;
        return this.#resend();
      case "s":
        if (frame.o !== 1) throw new Error("The state of a lot came in parts");
        this.#position = frame.p;
        this.#from = frame.p[1];
        this.#hash = 0;
        return this.#stand(frame.d);
      case "a":
      case "r":
      case "f":
        return this.#takeReply(frame);
      case "l":
      case "x":
        // It was not let in, or something was not taken: another connection begins anew.
        return this.#socket?.end();
      default:
    }
  }

  #takeEntry(line: string): void {
    const { count, check, epoch, text, content } = toLine(line);
    const [known = "", last = 0, before = 0] = this.#position ?? [];
    // Text of ASCII: its characters are its bytes.
    if (count !== last + 1 || crc32(text, before) !== check) this.#faults++;
    this.#position = [epoch ?? known, count, check];
    this.#hash = hashAfter(this.#hash, count, text);
    if (content.kind === "bid") this.#stand(content);
    if (content.kind === "listed") this.minimum = content.minimum;
    if (content.kind === "closed") this.isOver = true;
  }

  #stand({ price, minimum, closed }: { readonly price: number; readonly minimum: number; readonly closed?: unknown }): void {
    // Nobody takes a bid back here.
    if (price < this.#price) this.#faults++;
    this.#price = price;
    this.minimum = minimum;
    if (closed !== undefined) this.isOver = true;
  }

  #takeReply(frame: Extract<Frame, { readonly i: number }>): void {
    const callId = this.#byId.get(frame.i);
    const call = callId === undefined ? undefined : this.#calls.get(callId);
    // A join that was not let in has the number 1.
    if (frame.t === "f" && frame.i === 1) return this.#socket?.end();
    if (call === undefined) return;
    const record = { who: this.name, callId: call.callId };
    if (frame.t === "f" && isRetryable(frame.e)) {
      this.#retrying ??= setTimeout(() => this.#resend(), (frame.y ?? retryMs) * (1 + Math.random()));
      return;
    }
    this.#calls.delete(call.callId);
    this.#onReply(call.sentAt);
    if (frame.t === "a") this.#told.write({ kind: "accepted", ...record, maximum: call.maximum, count: frame.p[1], price: frame.d.price });
    else if (frame.t === "f") this.#told.write({ kind: "failed", ...record, code: frame.e });
    else this.#told.write({ kind: isRightly(frame, call.maximum) ? "refused" : "misruled", ...record, code: frame.e });
  }
}

/** A bid that is too low must be below what it is told to reach. */
function isRightly({ e: code, d: { minimum = Infinity } = {} }: Extract<Frame, { readonly t: "r" }>, maximum: number): boolean {
  return code !== "BID_TOO_LOW" || maximum < minimum;
}
