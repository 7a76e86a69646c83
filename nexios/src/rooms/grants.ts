/** Users of whom it is remembered how often a right of theirs was withdrawn. */
const rememberedUsers = 10_000;

/** Numbers the rights of users: with each withdrawal the user's number rises, and what was begun under an older one is not finished. */
export class Grants {
  readonly #raised = new Map<string, number>();
  #base = 0;

  /** The user's number now. */
  numberOf(userId: string): number {
    return this.#base + (this.#raised.get(userId) ?? 0);
  }

  /** A right of the user was withdrawn; of anybody, where it is not known whose. */
  raise(userId: string | undefined): void {
    if (userId === undefined) {
      this.#base++;
      return;
    }
    const raised = (this.#raised.get(userId) ?? 0) + 1;
    this.#raised.delete(userId);
    this.#raised.set(userId, raised);
    const [oldest] = this.#raised;
    if (this.#raised.size <= rememberedUsers || oldest === undefined) return;
    // Forgotten: so that no number ever comes back, all rise by as much.
    this.#raised.delete(oldest[0]);
    this.#base += oldest[1];
  }
}
