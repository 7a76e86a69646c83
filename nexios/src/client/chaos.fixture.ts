import { createRandom, type Random } from "../simulation/random.ts";
import { Bench, type FrameOf, type Line, welcome } from "./bench.fixture.ts";
import type { ClientRoom } from "./client-room.ts";
import { readHistory } from "./read-history.ts";
import { entry, failure, positionAfter, room, snapshot, sum } from "./sum.fixture.ts";

const closes = [
  { code: 1006, reason: "" },
  { code: 1011, reason: "" },
  { code: 4500, reason: "" },
  { code: 4501, reason: "" },
  { code: 4503, reason: "50" },
  { code: 4508, reason: "" },
  { code: 4529, reason: "" },
] as const;

/** A server whose log is right, and whose connections do everything wrong that there is, while a client uses it. */
export class Chaos {
  readonly bench = new Bench({ token: () => "t", limits: { lingerMs: 100 } });
  readonly joined: ClientRoom<typeof sum> = this.bench.client.join(sum, { id: "1" }, { expect: { add: () => ({ by: 1_000 }) } });
  /** Entries of the log: each adds its place. */
  count = 0;
  /** Calls that took effect, by id, with their place. */
  readonly effects = new Map<string, number>();
  /** What calls came to. */
  readonly outcomes: string[] = [];
  calls = 0;
  readonly #random: Random;
  readonly #members = new Set<Line>();
  #isCalm = false;

  constructor(seed: number) {
    this.#random = createRandom(seed);
    const { answers, scheduler } = this.bench;
    this.bench.onConnect = (line) => this.#later(() => (this.#happens(0.2) ? line.end() : line.open()));
    answers.hello = (_frame, line) => this.#later(() => (this.#happens(0.1) ? line.end(4501) : line.say({ ...welcome, expiresInMs: 40_000 })));
    answers.renew = ({ id }, line) => this.#later(() => line.say(this.#happens(0.5) ? failure(id, "INTERNAL") : { kind: "renewed", id, expiresInMs: 40_000 }));
    answers.ping = ({ sentAt }, line) => (this.#happens(0.2) ? undefined : line.say({ kind: "pong", sentAt, now: welcome.now + scheduler.now }));
    answers.join = (frame, line) => this.#later(() => this.#join(frame, line));
    answers.leave = (_frame, line) => void this.#members.delete(line);
    answers.call = (frame, line) => this.#later(() => this.#call(frame, line));
    answers.history = ({ id }, line) => this.#later(() => line.say({ kind: "history", id, room, entries: [], isEnd: true }));
  }

  /** Lets the client and its server be, with a thing going wrong again and again; then lets all come to rest. */
  async run(steps: number): Promise<void> {
    for (let step = 0; step < steps; step++) {
      this.#do(this.#random.integer(16));
      await this.bench.run(this.#random.integer(400));
    }
    this.#isCalm = true;
    this.bench.isOnline = true;
    if (!this.joined.isHeld) this.joined.hold();
    await this.bench.run(120_000);
    // Nobody can miss what came last before the silence.
    this.#append();
    await this.bench.run(60_000);
  }

  #do(what: number): void {
    const { bench, joined } = this;
    const line = bench.lines.at(-1);
    if (what < 5) return this.#make();
    if (what === 5) return void this.#append();
    if (what === 6) {
      const { code, reason } = this.#random.pick(closes);
      return line?.end(code, reason);
    }
    if (what === 7) return line?.say({ kind: "drain", room: undefined, afterMs: this.#random.integer(200), windowMs: 200 });
    if (what === 8) return line?.say({ kind: "ignored", room: undefined, code: "TOO_MANY", message: "", path: undefined, retryAfterMs: 100 });
    if (what === 9) return line?.say({ kind: "left", room, code: "INTERNAL" });
    if (what === 10) return bench.wake();
    if (what === 11) return void (bench.wallAheadMs += this.#random.integer(20_000) - 10_000);
    if (what === 12) return void (bench.isOnline = !bench.isOnline);
    if (what === 13) return joined.isHeld ? joined.leave() : void joined.hold();
    if (what === 14) return joined.show({ at: this.#random.integer(100) });
    readHistory(joined, 1).catch(() => {});
  }

  #make(): void {
    this.calls++;
    this.joined.call("add", { by: 1 }).then(
      ({ kind }) => this.outcomes.push(kind),
      (error: unknown) => this.outcomes.push((error as { readonly code: string }).code),
    );
  }

  #append(callId?: string): number {
    this.count++;
    for (const line of this.#members) {
      if (this.#happens(0.1)) continue;
      line.say(entry(this.count, callId));
      if (this.#happens(0.1)) line.say(entry(this.count, callId));
    }
    return this.count;
  }

  #join({ id, since }: FrameOf<"join">, line: Line): void {
    if (this.#happens(0.3)) return line.say(failure(id, this.#random.pick(["UNAVAILABLE", "OVERLOADED", "TOO_MANY", "INTERNAL", "CONFLICT"] as const), 50));
    const at = since?.count ?? this.#random.integer(this.count + 1);
    const parts = 1 + this.#random.integer(3);
    const head = positionAfter(this.count);
    const snapshots = since === undefined ? Array.from({ length: parts }, (_, part) => snapshot(at, { part, parts })) : [];
    const missed = Array.from({ length: this.count - at }, (_, index) => entry(at + index + 1));
    line.say({ kind: "joined", id, room, head, snapshot: since === undefined ? "new" : undefined }, ...snapshots, ...missed);
    this.#members.add(line);
  }

  #call({ id, callId }: FrameOf<"call">, line: Line): void {
    if (this.#happens(0.3)) return line.say(failure(id, this.#random.pick(["UNAVAILABLE", "OVERLOADED"] as const), 50));
    const isRefused = callId.endsWith("0");
    if (isRefused) return line.say({ kind: "refused", id, position: undefined, code: "TOO_MUCH", data: undefined });
    const place = this.effects.get(callId) ?? this.count + 1;
    this.effects.set(callId, place);
    const reply = { kind: "accepted", id, position: positionAfter(place), result: undefined } as const;
    const isEarly = this.#happens(0.3);
    if (isEarly) line.say(reply);
    if (place > this.count) this.#append(callId);
    if (!isEarly && !this.#happens(0.2)) line.say(reply);
  }

  /** Replies take their time, and keep their order. */
  #later(run: () => void): void {
    this.bench.scheduler.after(this.#isCalm ? 5 : 20, run);
  }

  #happens(chance: number): boolean {
    return !this.#isCalm && this.#random.next() < chance;
  }
}
