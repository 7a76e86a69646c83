import { releaseUnneeded, type Rooms } from "./holds.ts";

/** Money of somebody that a lot may need no more. */
interface Owed {
  readonly lotId: string;
  readonly userId: string;
  looks: number;
}

/** After so many looks, 6 s, no bid on money that was held before them is undecided. */
const settledLooks = 24;

/** Lets go of money, when all that is under way with it has been decided. */
export class OwedMoney {
  readonly #app: Rooms;
  readonly #onError: (where: string, error: unknown) => void;
  readonly #owed = new Map<string, Owed>();

  constructor(app: Rooms, onError: (where: string, error: unknown) => void) {
    this.#app = app;
    this.#onError = onError;
  }

  letGoSoon(userId: string, lotId: string): void {
    this.#owed.set(`${userId} ${lotId}`, { userId, lotId, looks: settledLooks });
  }

  /** Time has passed. */
  look(): void {
    const due = [...this.#owed].filter(([, owed]) => --owed.looks === 0);
    for (const [key, owed] of due) {
      this.#owed.delete(key);
      void this.#letGo(owed);
    }
  }

  clear(): void {
    this.#owed.clear();
  }

  async #letGo({ lotId, userId }: Owed): Promise<void> {
    try {
      await releaseUnneeded(this.#app, userId, lotId);
    } catch (error) {
      // It is let go when the bidder comes to his limit, at the latest.
      this.#onError(`letting go money for lot ${lotId}`, error);
    }
  }
}
