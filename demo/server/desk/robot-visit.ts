import type { DocumentPerson, DocumentSession } from "nexios/collab/client";
import { type FreshSpan, moveFresh, noteChange } from "./fresh-spans.ts";
import { followChange, type Hand, planHand, stepHand } from "./robot-hand.ts";
import { changeOf, type Span } from "./spans.ts";

export interface VisitServices {
  readonly session: DocumentSession;
  readonly robotId: string;
  readonly sentences: readonly string[];
  /** When somebody else has written in it last; -Infinity for long ago. */
  readonly writtenAt: () => Promise<number>;
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** What somebody has written is left to him for so long. */
export const freshMs = 60_000;
/** So near to others nothing is changed. */
export const nearCharacters = 20;
/** A text that others have made longer is not for the robot. */
export const mostRead = 5_000;
const tasks = 4;
const restMs = 4_000;
/** Longer than what was written stays fresh. */
const patienceMs = 2 * freshMs;

/** The robot in one document: it does a few things there, one small change after the other, and keeps away from people. */
export class RobotVisit {
  readonly session: DocumentSession;
  readonly #services: VisitServices;
  #seen: string | undefined;
  #fresh: readonly FreshSpan[] = [];
  #hand: Hand | undefined;
  #restUntil = 0;
  #waitingSince: number | undefined;
  #left = tasks;

  constructor(services: VisitServices) {
    this.session = services.session;
    this.#services = services;
  }

  /** Nothing more is done here. */
  get isOver(): boolean {
    const { kind } = this.session.status;
    return this.#left === 0 || kind === "read-only" || kind === "refused" || kind === "failed" || (this.#seen?.length ?? 0) > mostRead;
  }

  /** Makes a change at most, once the one before is stored. */
  async act(): Promise<void> {
    const { session } = this;
    const { now, random, writtenAt } = this.#services;
    if (session.status.kind !== "saved" || !session.canWrite) return;
    if (this.#seen === undefined) {
      // Asked for after it was seen: what is written meanwhile is seen as a change.
      const { text } = session;
      this.#fresh = [{ from: 0, to: text.length, until: (await writtenAt()) + freshMs }];
      this.#seen = text;
    }
    this.#look(this.#seen);
    // Nobody types like a clock.
    if (now() < this.#restUntil || this.isOver || random() < 0.25) return;
    if (this.#hand === undefined) this.#begin();
    else this.#goOn(this.#hand);
  }

  /** Takes in what others have written since. */
  #look(seen: string): void {
    const { now } = this.#services;
    const { text } = this.session;
    const change = changeOf(seen, text);
    this.#fresh = this.#fresh.filter(({ until }) => until > now());
    if (change === undefined) return;
    this.#fresh = noteChange(this.#fresh, change, now() + freshMs);
    this.#hand = this.#hand && followChange(this.#hand, change);
    this.#seen = text;
  }

  #begin(): void {
    const { sentences, random } = this.#services;
    const { session } = this;
    this.#hand = planHand(session.text, { kept: this.#kept(), sentences, random });
    if (this.#hand === undefined) return this.#rest();
    session.cursors.show(this.#hand.at, this.#hand.at + this.#hand.marked.length);
  }

  #goOn(hand: Hand): void {
    const { session } = this;
    const step = stepHand(hand, session.text, this.#kept());
    if (step.kind === "lost" || (step.kind === "wait" && this.#isTired())) return this.#rest();
    if (step.kind === "wait") return;
    this.#waitingSince = undefined;
    const { at, deleted, inserted } = step;
    session.edit((text) => {
      text.delete(at, deleted);
      text.insert(at, inserted);
    });
    this.#seen = session.text;
    this.#fresh = moveFresh(this.#fresh, { at, deleted, inserted: inserted.length });
    session.cursors.show(at + inserted.length);
    this.#hand = step.hand;
    if (step.hand === undefined) this.#rest();
  }

  /** Somebody whose caret stays there may be away. */
  #isTired(): boolean {
    const { now } = this.#services;
    this.#waitingSince ??= now();
    return now() >= this.#waitingSince + patienceMs;
  }

  /** One thing is done, or there was none to do. Where nobody is, that was all: somebody may be elsewhere. */
  #rest(): void {
    const { now, random } = this.#services;
    this.#hand = this.#waitingSince = undefined;
    this.#left = this.#others().length === 0 ? 0 : this.#left - 1;
    this.#restUntil = now() + restMs * (1 + 2 * random());
  }

  #others(): readonly DocumentPerson[] {
    return this.session.cursors.people.filter(({ userId }) => userId !== this.#services.robotId);
  }

  /** What is others', and what is near it: what they have just written, and their carets. */
  #kept(): readonly Span[] {
    const carets = this.#others().flatMap(({ cursor }) =>
      cursor === undefined ? [] : [{ from: Math.min(cursor.anchor, cursor.head), to: Math.max(cursor.anchor, cursor.head) }],
    );
    return [...this.#fresh, ...carets].map(({ from, to }) => ({ from: from - nearCharacters, to: to + nearCharacters }));
  }
}
