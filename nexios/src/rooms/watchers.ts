import type { PublicEntry } from "../log/log.ts";

/** Who listens to a room on the server. */
export interface Watcher {
  onDelivered(entries: readonly PublicEntry[]): void;
  /** Entries that members see nothing of were appended, or found, by this process. */
  onHidden?(): void;
  /** The log is another one: what was delivered before counts no more. */
  onReset(): void;
}

/** Those who listen to one room; each keeps it open. */
export class Watchers {
  readonly #watchers = new Set<Watcher>();

  get size(): number {
    return this.#watchers.size;
  }

  /** The function that it gives ends it. */
  add(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  delivered(entries: readonly PublicEntry[]): void {
    for (const watcher of this.#watchers) watcher.onDelivered(entries);
  }

  hidden(): void {
    for (const watcher of this.#watchers) watcher.onHidden?.();
  }

  reset(): void {
    for (const watcher of this.#watchers) watcher.onReset();
  }
}
