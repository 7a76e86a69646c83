import type { PersonFrame } from "../protocol/frame.ts";
import type { Shown } from "./presence-message.ts";
import { looksSame, type PeopleView, type PersonChange, toPersonFrame } from "./presence-people.ts";

/** What the members of a room get of its people: all of them, or only how many; and what has changed. */
export type PresenceFrame =
  | { readonly kind: "people"; readonly people: readonly PersonFrame[] | undefined; readonly count: number }
  | { readonly kind: "presence"; readonly put: readonly PersonFrame[]; readonly drop: readonly string[] };

/** Members get lists again when no more than this part of `listedPeople` is left, so that a room at the border does not go to and fro. */
const listedAgainPart = 0.8;

/** What a room's members have been told of its people, and what they are to be told next. No effects. */
export class PresenceFrames {
  readonly #listedPeople: number;
  /** What each person that has changed since was to members; nothing while they get counts. */
  #before: Map<string, Shown | undefined> | undefined;
  #isCounted = false;
  #toldCount = 0;

  constructor(listedPeople: number) {
    this.#listedPeople = listedPeople;
  }

  /** Whether members get counts instead of lists. */
  get isCounted(): boolean {
    return this.#isCounted;
  }

  /** Remembers what a member does not know yet. */
  note({ userId, before }: PersonChange): void {
    if (this.#isCounted) return;
    this.#before ??= new Map();
    if (!this.#before.has(userId)) this.#before.set(userId, before);
  }

  /** For a member who has been told nothing. */
  view(people: PeopleView | undefined): { readonly people: readonly PersonFrame[] | undefined; readonly count: number } {
    const count = people?.count ?? 0;
    return { people: this.#isCounted || count > this.#listedPeople ? undefined : (people?.list() ?? []), count };
  }

  /** For those who have been told all before; `undefined`: it would be nothing new. */
  next(people: PeopleView): PresenceFrame | undefined {
    const before = this.#before;
    const wasCounted = this.#isCounted;
    this.#before = undefined;
    this.#isCounted = people.count > (wasCounted ? Math.floor(this.#listedPeople * listedAgainPart) : this.#listedPeople);
    if (!this.#isCounted && !wasCounted) return toChanges(before ?? new Map(), people);
    if (this.#isCounted && wasCounted && people.count === this.#toldCount) return undefined;
    this.#toldCount = people.count;
    return { kind: "people", ...this.view(people) };
  }
}

function toChanges(before: ReadonlyMap<string, Shown | undefined>, people: PeopleView): PresenceFrame | undefined {
  const put: PersonFrame[] = [];
  const drop: string[] = [];
  for (const [userId, was] of before) {
    const is = people.shown(userId);
    if (is === undefined) {
      if (was !== undefined) drop.push(userId);
    } else if (was === undefined || !looksSame(was, is)) {
      put.push(toPersonFrame(is));
    }
  }
  return put.length + drop.length === 0 ? undefined : { kind: "presence", put, drop };
}
