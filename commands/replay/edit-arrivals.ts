import { Bell } from "./bell.ts";

/** What has come of each writer's edits, and how much of it was taken in. */
export class EditArrivals {
  readonly #come = new Map<number, Uint8Array[]>();
  readonly #taken = new Map<number, number>();
  readonly #bell = new Bell();

  /** The next edit of a writer has come. */
  add(client: number, update: Uint8Array): void {
    const come = this.#come.get(client) ?? [];
    this.#come.set(client, come);
    come.push(update);
    this.#bell.ring();
  }

  /** Hands over the first `count` edits of a writer, in their order, those that were not yet, each as soon as it has come. */
  async take(client: number, count: number, use: (update: Uint8Array) => void): Promise<void> {
    for (let taken = this.#taken.get(client) ?? 0; taken < count;) {
      const update = this.#come.get(client)?.[taken];
      if (update === undefined) {
        await this.#bell.rung;
        continue;
      }
      use(update);
      this.#taken.set(client, ++taken);
    }
  }
}
