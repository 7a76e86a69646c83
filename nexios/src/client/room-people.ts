import type { ReceivedFrame, ReceivedPerson } from "./received-frame.ts";

type PeopleFrame = Extract<ReceivedFrame, { readonly kind: "people" | "presence" }>;

/** Somebody, and what they show of themselves. */
interface Shown {
  readonly userId: string;
  readonly name: string;
  readonly state: unknown;
}

/** Who is in a room, as the client was told last. */
export class RoomPeople {
  readonly #people = new Map<string, Shown>();
  #list: readonly Shown[] | undefined = [];
  #count = 0;

  /** The same array until somebody comes, goes or changes. */
  get list(): readonly Shown[] {
    return (this.#list ??= [...this.#people.values()]);
  }

  /** How many there are: more than the list has, where they are only counted. */
  get count(): number {
    return this.#count;
  }

  take(frame: PeopleFrame): void {
    this.#list = undefined;
    if (frame.kind === "people") {
      this.#people.clear();
      for (const person of frame.list ?? []) this.#put(person);
      this.#count = frame.count;
      return;
    }
    for (const userId of frame.drop) this.#people.delete(userId);
    for (const person of frame.list) this.#put(person);
    this.#count = this.#people.size;
  }

  #put({ userId, name, value: state }: ReceivedPerson): void {
    this.#people.set(userId, { userId, name, state });
  }
}
