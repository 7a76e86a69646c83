import { type ClientRoom, NexiosError, type PendingCall, readHistory, type Settled } from "nexios/client";
import type { House } from "../../../rooms/house.ts";
import { arrive, countUnread, open, type Reading, rejoin, unread } from "./reading.ts";
import { type Past, type ReturnedLine, type SayProblem, type TalkView, textOf, toExpected, toProblem } from "./talk-view.ts";
import { append, meet, newestOf, type NumberedLine, prepend, type Transcript } from "./transcript.ts";

/** A line waits for its connection for half a day: no longer than the server remembers what it has taken already. */
const deadlineMs = 43_200_000;
const pageLines = 50;

/** Where a tab remembers how far its person has read. */
export interface ReadingMemory {
  read(epoch: string): number | undefined;
  write(epoch: string, seen: number): void;
}

/** What a talk needs beside its room. */
export interface TalkServices {
  readonly memory: ReadingMemory;
  /** There is a connection: a room that must look again where it stands has lost nobody. */
  readonly isConnected: () => boolean;
}

/** The talk of the house as one tab has it: what was said, what is on its way, what came back, and what was read. */
export class HouseTalk {
  readonly #room: ClientRoom<House>;
  readonly #services: TalkServices;
  readonly #listeners = new Set<() => void>();
  #transcript: Transcript = { epoch: "", lines: [] };
  #arrived: NumberedLine[] = [];
  #reading: Reading = unread;
  #returned: readonly ReturnedLine[] = [];
  #past: Past["kind"] = "more";
  #resume: unknown;
  #isShown = false;
  #isKnown = false;
  #wasAway = false;
  #givenBack = 0;
  #takeReturned: ((line: ReturnedLine) => boolean) | undefined;
  #view: TalkView | undefined;

  constructor(room: ClientRoom<House>, services: TalkServices) {
    this.#room = room;
    this.#services = services;
  }

  /** Follows the room until the result is called. */
  start(): () => void {
    const cancels = [
      this.#room.onEntry(({ count, value }) => this.#arrived.push({ ...value, number: count })),
      this.#room.onChange(() => this.#follow()),
      this.#room.onSettled((call, settled) => this.#settled(call, settled)),
    ];
    this.#follow();
    return () => cancels.forEach((cancel) => cancel());
  }

  /** The same object until something has changed. */
  get view(): TalkView {
    return (this.#view ??= {
      isKnown: this.#isKnown,
      transcript: this.#transcript,
      expected: toExpected(this.#room),
      returned: this.#returned,
      reading: this.#reading,
      unread: countUnread(this.#reading, newestOf(this.#transcript)),
      past: (this.#transcript.lines[0]?.number ?? 1) === 1 ? "end" : this.#past,
    });
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Whether somebody can see the newest lines now. */
  show(isShown: boolean): void {
    if (isShown === this.#isShown) return;
    this.#isShown = isShown;
    if (isShown && this.#isKnown) this.#read(open(this.#reading, newestOf(this.#transcript)));
    this.#changed();
  }

  /** Says it, now or when there is a connection. What is not taken comes back. */
  say(text: string): void {
    const waiting = this.#room.pending.length;
    const said = this.#room.call("say", { text }, { deadlineMs });
    const isUnderWay = this.#room.pending.length > waiting;
    said.catch((error: unknown) => {
      // What was under way is told of by the room, like the calls from before a reload.
      if (!isUnderWay) this.#giveBack(text, { kind: "failed", code: error instanceof NexiosError ? error.code : "INTERNAL" });
    });
  }

  /** Whoever can do something with a line that comes back takes it by `true`; the list gets what nobody takes. */
  offerReturned(take: (line: ReturnedLine) => boolean): () => void {
    this.#takeReturned = take;
    return () => (this.#takeReturned = undefined);
  }

  /** Takes a line that came back out of the list: it is thrown away, or mended by whoever has asked for it. */
  take(id: string): void {
    this.#returned = this.#returned.filter((line) => line.id !== id);
    this.#changed();
  }

  /** Asks for one more page of the past. */
  async earlier(): Promise<void> {
    const oldest = this.#transcript.lines[0]?.number ?? 1;
    if (this.#past === "asking" || oldest === 1) return;
    this.#setPast("asking");
    try {
      const page = await readHistory(this.#room, oldest, pageLines);
      this.#transcript = prepend(this.#transcript, page);
      this.#setPast(page.isEnd ? "end" : "more");
    } catch {
      // Asked again by whoever reads: the line may be cut.
      this.#setPast("failed");
    }
  }

  #follow(): void {
    const { confirmedState, position, lastResume } = this.#room;
    if (!this.#services.isConnected()) this.#wasAway = true;
    this.#transcript = append(this.#transcript, this.#arrived);
    this.#arrived = [];
    if (confirmedState !== undefined && position !== undefined) {
      const before = this.#transcript;
      this.#transcript = meet(before, position.epoch, confirmedState);
      if (this.#transcript.lines[0]?.number !== before.lines[0]?.number) this.#past = "more";
      const newest = newestOf(this.#transcript);
      let reading = this.#isKnown ? this.#reading : this.#begin(position.epoch, newest);
      // A hole in a connection that holds is mended before anybody has missed something.
      const isBack = this.#wasAway && lastResume !== undefined && lastResume !== this.#resume;
      if (isBack) reading = rejoin(reading, lastResume, this.#isShown);
      if (lastResume !== this.#resume) this.#wasAway = false;
      this.#resume = lastResume;
      this.#read(arrive(reading, newest, this.#isShown));
    }
    this.#changed();
  }

  /** The room is seen for the first time: perhaps an earlier page of this tab has read a part. */
  #begin(epoch: string, newest: number): Reading {
    this.#isKnown = true;
    const reading = { ...this.#reading, seen: this.#services.memory.read(epoch) };
    return this.#isShown ? open(reading, newest) : reading;
  }

  #read(reading: Reading): void {
    this.#reading = reading;
    if (reading.seen !== undefined) this.#services.memory.write(this.#transcript.epoch, reading.seen);
  }

  #settled({ input }: PendingCall, settled: Settled): void {
    const problem = toProblem(settled);
    // A connection that its person has closed takes nothing back.
    if (problem !== undefined && problem.code !== "CONNECTION_CLOSED") this.#giveBack(textOf(input), problem);
  }

  #giveBack(text: string, problem: SayProblem): void {
    const line = { id: String(++this.#givenBack), text, problem };
    if (this.#takeReturned?.(line) !== true) this.#returned = [...this.#returned, line];
    this.#changed();
  }

  #setPast(past: Past["kind"]): void {
    this.#past = past;
    this.#changed();
  }

  #changed(): void {
    this.#view = undefined;
    for (const listener of this.#listeners) listener();
  }
}
