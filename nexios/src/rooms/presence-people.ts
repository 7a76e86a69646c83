import type { Millis } from "../log/log.ts";
import type { PersonFrame } from "../protocol/frame.ts";
import type { DropReason, Shown } from "./presence-message.ts";

/** The end of a connection, as its process told it. */
export interface Drop {
  readonly process: string;
  readonly at: Millis;
  readonly reason: DropReason;
}

/** What one step did to a person. */
export interface PersonChange {
  readonly userId: string;
  /** The connection that spoke for the person; `undefined`: the person was not here. */
  readonly before: Shown | undefined;
  /** The one that speaks now; `undefined`: the person is gone. */
  readonly after: Shown | undefined;
  /** A connection came that was not known. */
  readonly hasCome: boolean;
  /** The latest that is known of the ends of the person's connections. */
  readonly lastDrop: Drop | undefined;
}

interface Person {
  readonly connections: Shown[];
  lastDrop: Drop | undefined;
}

/** The persons of a room, to look at. */
export type PeopleView = Pick<People, "count" | "connectionsOf" | "shown" | "lastDrop" | "list">;

/** The persons that connections belong to, over all processes. A person is here while any connection is; the one whose state was set last speaks for the person. */
export class People {
  readonly #people = new Map<string, Person>();

  /** How many persons are here. */
  get count(): number {
    return this.#people.size;
  }

  /** All connections of a user. */
  connectionsOf(userId: string): readonly Shown[] {
    return this.#people.get(userId)?.connections ?? [];
  }

  /** The connection that speaks for a user; `undefined`: the user is not here. */
  shown(userId: string): Shown | undefined {
    return latest(this.connectionsOf(userId));
  }

  /** The latest end of a connection of a user who is still here: one order on all processes, so that just one of them made the last. */
  lastDrop(userId: string): Drop | undefined {
    return this.#people.get(userId)?.lastDrop;
  }

  /** Everybody, in the order in which they came. */
  list(): readonly PersonFrame[] {
    return Array.from(this.#people.values(), ({ connections }) => latest(connections))
      .filter((shown) => shown !== undefined)
      .map(toPersonFrame);
  }

  /** Puts a connection, in the place of an older state of it. */
  put(connection: Shown, old: Shown | undefined): PersonChange {
    const { userId } = connection;
    const person = this.#people.get(userId);
    const before = this.shown(userId);
    if (person === undefined) this.#people.set(userId, { connections: [connection], lastDrop: undefined });
    else if (old === undefined) person.connections.push(connection);
    else person.connections[person.connections.indexOf(old)] = connection;
    return { userId, before, after: this.shown(userId), hasCome: old === undefined, lastDrop: person?.lastDrop };
  }

  /** Takes away a connection that is here; `drop`: how it ended, if its process told. */
  drop(connection: Shown, drop: Drop | undefined): PersonChange {
    const { userId } = connection;
    const before = this.shown(userId);
    const person = this.#people.get(userId);
    person?.connections.splice(person.connections.indexOf(connection), 1);
    const lastDrop = later(person?.lastDrop, drop);
    if (person !== undefined) person.lastDrop = lastDrop;
    if (person?.connections.length === 0) this.#people.delete(userId);
    return { userId, before, after: this.shown(userId), hasCome: false, lastDrop };
  }
}

/** A person as members get it. */
export function toPersonFrame({ userId, name, state }: Shown): PersonFrame {
  return { userId, name, state };
}

/** Whether members would see no difference. */
export function looksSame(a: PersonFrame, b: PersonFrame): boolean {
  return a === b || (a.name === b.name && a.state.length === b.state.length && a.state.every((byte, index) => byte === b.state[index]));
}

/** The connection whose state was set last; ids decide between equal times, so that it is the same on all processes. */
function latest(connections: readonly Shown[]): Shown | undefined {
  let [last] = connections;
  for (const each of connections) if (last !== undefined && isLater(each, last)) last = each;
  return last;
}

function isLater(a: Shown, b: Shown): boolean {
  if (a.at !== b.at) return a.at > b.at;
  return a.process === b.process ? a.id > b.id : a.process > b.process;
}

function later(a: Drop | undefined, b: Drop | undefined): Drop | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.at > a.at || (b.at === a.at && b.process > a.process) ? b : a;
}
