import type { PersonFrame, ServerFrame } from "../protocol/frame.ts";

type PeopleFrame = Extract<ServerFrame, { readonly kind: "people" | "presence" }>;

/** Something that a device has seen of who is in a room. */
export type PeopleChange =
  | { readonly kind: "list"; readonly atMs: number; readonly userIds: readonly string[] }
  | { readonly kind: "here" | "gone"; readonly atMs: number; readonly userId: string }
  | { readonly kind: "end"; readonly atMs: number };

/** Who is in a room, as one device is told. */
export class DevicePeople {
  /** All that was told, in order. `list`: it began to be told, or was told anew; `end`: it is told nothing any more. */
  readonly changes: PeopleChange[] = [];
  readonly #now: () => number;
  readonly #onSurprise: (what: string) => void;
  #people = new Map<string, PersonFrame>();
  #count = 0;
  #isTold = false;

  constructor(now: () => number, onSurprise: (what: string) => void) {
    this.#now = now;
    this.#onSurprise = onSurprise;
  }

  /** The persons by id, while they are listed. */
  get people(): ReadonlyMap<string, PersonFrame> {
    return this.#people;
  }

  get count(): number {
    return this.#count;
  }

  take(frame: PeopleFrame): void {
    if (frame.kind === "people") return this.#takeList(frame.people ?? [], frame.count);
    if (!this.#isTold) return this.#onSurprise("a change of who is here before the list");
    for (const person of frame.put) {
      if (!this.#people.has(person.userId)) this.changes.push({ kind: "here", atMs: this.#now(), userId: person.userId });
      this.#people.set(person.userId, person);
    }
    // A list may have it already that somebody is gone.
    for (const userId of frame.drop) if (this.#people.delete(userId)) this.changes.push({ kind: "gone", atMs: this.#now(), userId });
    this.#count = this.#people.size;
  }

  /** The device is not in the room any more. */
  end(): void {
    if (this.#isTold) this.changes.push({ kind: "end", atMs: this.#now() });
    this.#isTold = false;
  }

  #takeList(people: readonly PersonFrame[], count: number): void {
    this.#isTold = true;
    this.#people = new Map(people.map((person) => [person.userId, person]));
    this.#count = count;
    this.changes.push({ kind: "list", atMs: this.#now(), userIds: [...this.#people.keys()] });
  }
}
