import { auction, type Auction } from "nexios/auction";
import { type Client, type ClientRoom, createClient, NexiosError, type Wire } from "nexios/client";
import type { Bidder } from "./auction-bidder.ts";
import { currency, hashAfter, lotId } from "./auction-lot.ts";
import type { ToldFile } from "./auction-told.ts";
import { makeCallId } from "./chance.ts";

const mostOpen = 4;
/** Longer than any server is away. */
const deadlineMs = 60_000;
/** Shorter than a browser's: a run has little time. */
const longestRetryMs = 1_000;
const unknown: ReadonlySet<string> = new Set(["UNKNOWN_OUTCOME", "CONNECTION_CLOSED"]);

/** A bidder with the client as it is shipped, who folds the lot. */
export class ShippedBidder implements Bidder {
  readonly name: string;
  /** The client sends again by itself, and tells nobody. */
  readonly resent = 0;
  readonly #client: Client;
  readonly #room: ClientRoom<Auction>;
  readonly #told: ToldFile;
  readonly #onReply: (sentAt: number) => void;
  readonly #open = new Set<string>();
  /** Where snapshots stood that came over the wire: nothing else explains a jump. */
  readonly #snapshots = new Set<number>();
  #from = 0;
  #count = 0;
  #hash = 0;
  #price = 0;
  #faults = 0;

  constructor(name: string, { port, wire }: { readonly port: number; readonly wire: Wire }, told: ToldFile, onReply: (sentAt: number) => void) {
    this.name = name;
    this.#told = told;
    this.#onReply = onReply;
    const url = `ws://127.0.0.1:${port}/realtime`;
    this.#client = createClient({ url, token: () => name, wire: this.#watch(wire), limits: { longestRetryMs } });
    this.#room = this.#client.join(auction, { lotId });
    this.#room.onChange(() => this.#jump(this.#room.position?.count ?? 0));
    this.#room.onEntry(({ count, value }) => {
      this.#jump(count - 1);
      this.#count = count;
      this.#hash = hashAfter(this.#hash, count, JSON.stringify(value));
      if (value.kind !== "bid") return;
      if (value.price < this.#price) this.#faults++;
      this.#price = value.price;
    });
  }

  get isHere(): boolean {
    return this.#room.status.kind === "live";
  }

  get isOver(): boolean {
    return this.#room.confirmedState?.closed !== undefined;
  }

  get open(): number {
    return this.#open.size;
  }

  get minimum(): number {
    return this.#room.confirmedState?.minimum ?? 0;
  }

  bid(maximum: number): boolean {
    if (!this.isHere || this.#open.size >= mostOpen) return false;
    void this.#bid(makeCallId(), maximum);
    return true;
  }

  end(): void {
    for (const callId of this.#open) this.#told.write({ kind: "unknown", who: this.name, callId, code: "UNKNOWN_OUTCOME" });
    this.#open.clear();
    const seen = { who: this.name, from: this.#from, count: this.#count, hash: this.#hash, faults: this.#faults };
    this.#told.write({ kind: "seen", ...seen, state: JSON.stringify(this.#room.confirmedState) });
    void this.#client.close();
  }

  async #bid(callId: string, maximum: number): Promise<void> {
    const sentAt = performance.now();
    const record = { who: this.name, callId };
    this.#open.add(callId);
    try {
      const outcome = await this.#room.call("bid", { maximum, currency }, { callId, deadlineMs });
      if (!this.#open.delete(callId)) return;
      this.#onReply(sentAt);
      if (outcome.kind === "refused") this.#told.write({ kind: "refused", ...record, code: outcome.code });
      else this.#told.write({ kind: "accepted", ...record, maximum, count: outcome.position?.count ?? 0, price: outcome.result.price });
    } catch (error) {
      // Whoever gave it up has said so.
      if (!this.#open.delete(callId)) return;
      const code = error instanceof NexiosError ? error.code : String(error);
      this.#told.write({ kind: unknown.has(code) ? "unknown" : "failed", ...record, code });
    }
  }

  #watch(wire: Wire): Wire {
    return {
      ...wire,
      decode: (message) => {
        const frames = wire.decode(message);
        for (const frame of frames) if (frame.kind === "snapshot") this.#snapshots.add(frame.position.count);
        return frames;
      },
    };
  }

  /** It stands where no entry has brought it. */
  #jump(count: number): void {
    if (count === this.#count) return;
    if (!this.#snapshots.has(count)) this.#faults++;
    this.#from = this.#count = count;
    this.#hash = 0;
  }
}
