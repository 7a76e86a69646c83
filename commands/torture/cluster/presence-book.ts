/** What a list of people may be wrong in. */
export interface WrongList {
  readonly userId: string;
  readonly what: string;
}

/** One coming of a user to a room: from the attempt to its end, as the user's own side knows them. Times are milliseconds since 1970. */
interface Life {
  readonly number: number;
  readonly process: number;
  readonly since: number;
  /** When it was told that it is in. */
  cameAt: number | undefined;
  endedAt: number | undefined;
  /** From when on no list may have it, whatever its process has noticed. */
  goneAt: number;
}

/** A user who is in is in all lists so much later. */
const settleMs = 2_000;
/** One whose process was killed is in no list so much later. */
const goneMs = 6_000;
/** One whose connection has ended at both ends is in no list so much later: a lost one is shown for 5 s more, and the end may be held up on its way. */
const lostMs = 12_000;
/** One whose line let nothing pass any more is in no list so much later: its process must find out. */
const silentMs = 45_000;

/**
 * Who is in a room, as the users themselves and those who kill processes know it, over all processes. Where neither can know (a line was just cut, a join was not
 * answered yet), a list may say either.
 */
export class PresenceBook {
  readonly #lives = new Map<string, Life[]>();
  readonly #kills: { readonly process: number; readonly at: number }[] = [];

  /** From now on lists may have this life of a user. */
  tries(userId: string, life: { readonly number: number; readonly process: number }, at: number): void {
    const lives = this.#lives.get(userId) ?? [];
    lives.push({ ...life, since: at, cameAt: undefined, endedAt: undefined, goneAt: Infinity });
    this.#lives.set(userId, lives.slice(-4));
  }

  /** The user's newest life is in. */
  came(userId: string, at: number): void {
    const life = this.#lives.get(userId)?.at(-1);
    if (life !== undefined) life.cameAt ??= at;
  }

  /** The user's newest life has ended: at both ends (`closed`), or for all that the user could hear. */
  ended(userId: string, at: number, how: "closed" | "silent"): void {
    const life = this.#lives.get(userId)?.at(-1);
    if (life === undefined || life.endedAt !== undefined) return;
    life.endedAt = at;
    life.goneAt = at + (how === "closed" ? lostMs : silentMs);
  }

  /** A user of whom nothing is known but that it may be here. */
  mayBe(userId: string): void {
    if (!this.#lives.has(userId)) this.#lives.set(userId, []);
  }

  /** A process was killed. */
  killed(process: number, at: number): void {
    this.#kills.push({ process, at });
  }

  /** What is wrong with a list, by user with the number of the life that it shows; and how many users it could be judged by. */
  judge(shown: ReadonlyMap<string, number>, at: number): { readonly judged: number; readonly wrong: readonly WrongList[] } {
    const wrong: WrongList[] = [];
    let judged = 0;
    for (const [userId, lives] of this.#lives) {
      const expected = this.#expected(lives, at);
      if (expected === "either") continue;
      judged++;
      const is = shown.get(userId);
      if (expected === "gone" && is !== undefined) wrong.push({ userId, what: `is listed (life ${is}), and is gone` });
      else if (typeof expected === "number" && is === undefined) wrong.push({ userId, what: `is here (life ${expected}), and is not listed` });
      else if (typeof expected === "number" && is !== expected) wrong.push({ userId, what: `is listed with life ${is}, and is here with ${expected}` });
    }
    for (const userId of shown.keys()) if (!this.#lives.has(userId)) wrong.push({ userId, what: "is listed, and was never here" });
    return { judged, wrong };
  }

  /** Whether a user was here all around a moment, so that no list may have let go of it then. To be asked `settleMs` after it. */
  wasHere(userId: string, at: number): boolean {
    const lives = this.#lives.get(userId) ?? [];
    return lives.some((life) => {
      const { cameAt } = life;
      const end = Math.min(life.endedAt ?? Infinity, this.#killOf(life));
      return cameAt !== undefined && cameAt <= at - settleMs && end >= at + settleMs;
    });
  }

  #expected(lives: readonly Life[], at: number): number | "gone" | "either" {
    const life = lives.at(-1);
    if (life === undefined) return "either";
    const isOpen = life.endedAt === undefined && this.#killOf(life) === Infinity;
    if (isOpen) return life.cameAt !== undefined && life.cameAt <= at - settleMs ? life.number : "either";
    // The process of a former one may still take it for here.
    return lives.every((each) => Math.min(each.goneAt, this.#killOf(each) + goneMs) <= at) ? "gone" : "either";
  }

  /** When a life's process was killed. */
  #killOf({ process, since }: Life): number {
    return Math.min(Infinity, ...this.#kills.filter((kill) => kill.process === process && kill.at >= since).map((kill) => kill.at));
  }
}
