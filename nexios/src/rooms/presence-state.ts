import { looksSame, People, type PeopleView, type PersonChange } from "./presence-people.ts";
import { askedPerMessage, type ListPart, type PresenceMessage, type Shown } from "./presence-message.ts";

/** What a process tells of its own connections. */
export type PresenceNews = Exclude<PresenceMessage, { readonly kind: "ask" }>;

interface Process {
  /** The last of its changes that is known; -1: it was heard of, no more. */
  number: number;
  readonly connections: Map<string, Shown>;
  /** Parts of a list that is not complete. */
  pending: { readonly number: number; readonly parts: Map<number, readonly Shown[]> } | undefined;
  /** When it was last asked, by the monotonic clock. */
  askedAt: number | undefined;
  /** How often it was asked since it became stale. */
  asks: number;
}

/** A process that was asked so often and did not answer has nobody here: it closed the room, and its last word was lost. */
const asksBeforeForgotten = 10;
const mostProcesses = 1_000;
const mostGone = 256;
const none: ReadonlyMap<string, Shown> = new Map();

/**
 * Who is in a room, as one process knows it. Each process alone writes its connections and numbers its changes; one of which something was missed is stale until its
 * whole list has come. No effects, and no time but what is given. It is changed in place, since a room has thousands and a change is of one.
 */
export class PresenceState {
  readonly #people = new People();
  readonly #processes = new Map<string, Process>();
  readonly #stale = new Set<string>();
  readonly #gone = new Set<string>();
  /** Those of `#gone` whose connections stay for a while. */
  readonly #retired = new Set<string>();

  get people(): PeopleView {
    return this.#people;
  }

  /** Whether something of a process was missed. */
  get isStale(): boolean {
    return this.#stale.size > 0;
  }

  /** The connections of one process, by their ids. */
  connectionsOf(process: string): ReadonlyMap<string, Shown> {
    return this.#processes.get(process)?.connections ?? none;
  }

  /** The processes that have somebody here, and have not stopped. */
  hosts(): readonly string[] {
    return [...this.#processes].filter(([id, { connections }]) => connections.size > 0 && !this.#retired.has(id)).map(([id]) => id);
  }

  /** Takes what a process tells; this process's own changes are applied like the others'. */
  apply(news: PresenceNews): readonly PersonChange[] {
    const { process: id, number } = news;
    if (this.#gone.has(id) || (this.#processes.size >= mostProcesses && !this.#processes.has(id))) return [];
    const process = this.#meet(id);
    if (news.kind === "list") return this.#takePart(process, news);
    if (news.kind === "digest") {
      // That there is nobody is a whole list.
      if (news.count === 0) return this.#replace(process, id, number, []);
      if (process.number === number && process.connections.size === news.count) this.#settle(process, id);
      else this.#stale.add(id);
      return [];
    }
    if (process.number < 0 || number > process.number + 1) this.#stale.add(id);
    if (process.number < 0 || number !== process.number + 1) return [];
    process.number = number;
    if (news.kind === "put") return this.#put(process, news.connection);
    return this.#drop(process, news.id, news);
  }

  /** The processes to ask for their lists now, each at most once in `everyMs`; and what became of those that never answered. */
  toAsk(now: number, everyMs: number): { readonly ids: readonly string[]; readonly changes: readonly PersonChange[] } {
    const ids: string[] = [];
    const changes: PersonChange[] = [];
    for (const id of this.#stale) {
      const process = this.#meet(id);
      if (ids.length === askedPerMessage || (process.askedAt !== undefined && now - process.askedAt < everyMs)) continue;
      process.askedAt = now;
      if (process.asks++ < asksBeforeForgotten) ids.push(id);
      else changes.push(...this.#forget(id));
    }
    return { ids, changes };
  }

  /** Holds all others for stale: they are being asked, now. */
  doubtAllBut(own: string, now: number): void {
    for (const [id, process] of this.#processes) {
      if (id === own) continue;
      process.askedAt = now;
      this.#stale.add(id);
    }
  }

  /** A process is gone, with all its connections. What still comes from it is late, and ignored. */
  leave(id: string): readonly PersonChange[] {
    if (!this.#processes.has(id)) return [];
    this.#ignore(id);
    return this.#forget(id);
  }

  /** A process has stopped, and its people are on their way to another: each stays until they are there, or until `leave`. What still comes from it is ignored. */
  retire(id: string): readonly PersonChange[] {
    const process = this.#processes.get(id);
    if (process === undefined) return [];
    this.#ignore(id);
    this.#settle(process, id);
    this.#retired.add(id);
    return [...new Set([...process.connections.values()].map(({ userId }) => userId))].flatMap((userId) => this.#release(userId));
  }

  /** Takes back a process that was held for gone: its list is missing. A no-op for another: it tells by itself what it has here. */
  welcome(id: string): void {
    if (!this.#gone.delete(id)) return;
    this.#retired.delete(id);
    this.#meet(id);
    this.#stale.add(id);
  }

  #meet(id: string): Process {
    const known = this.#processes.get(id);
    if (known !== undefined) return known;
    const process: Process = { number: -1, connections: new Map(), pending: undefined, askedAt: undefined, asks: 0 };
    this.#processes.set(id, process);
    return process;
  }

  #ignore(id: string): void {
    this.#gone.add(id);
    const [oldest] = this.#gone;
    if (this.#gone.size > mostGone && oldest !== undefined) this.#gone.delete(oldest);
  }

  /** A user who is here by a process that lives needs no connection of one that has stopped. */
  #release(userId: string): readonly PersonChange[] {
    const connections = this.#people.connectionsOf(userId);
    if (this.#retired.size === 0 || connections.every(({ process }) => this.#retired.has(process))) return [];
    const unneeded = connections.filter(({ process }) => this.#retired.has(process));
    return unneeded.flatMap(({ process, id }) => {
      const from = this.#processes.get(process);
      return from === undefined ? [] : this.#drop(from, id);
    });
  }

  /** All is known of it. */
  #settle(process: Process, id: string): void {
    process.pending = undefined;
    process.asks = 0;
    this.#stale.delete(id);
  }

  #forget(id: string): readonly PersonChange[] {
    const process = this.#processes.get(id);
    this.#processes.delete(id);
    this.#stale.delete(id);
    this.#retired.delete(id);
    return process === undefined ? [] : [...process.connections.keys()].flatMap((connection) => this.#drop(process, connection));
  }

  #takePart(process: Process, { process: id, number, part, parts, connections }: ListPart): readonly PersonChange[] {
    if (parts === 1) return this.#replace(process, id, number, connections);
    if (number < Math.max(process.number, process.pending?.number ?? 0)) return [];
    if (process.pending?.number !== number) process.pending = { number, parts: new Map() };
    process.pending.parts.set(part, connections);
    return process.pending.parts.size < parts ? [] : this.#replace(process, id, number, [...process.pending.parts.values()].flat());
  }

  #replace(process: Process, id: string, number: number, connections: readonly Shown[]): readonly PersonChange[] {
    if (number < process.number) return [];
    process.number = number;
    this.#settle(process, id);
    // First those that are there: a person who has come back by another connection was never away.
    const come = connections.flatMap((connection) => this.#put(process, connection));
    const kept = new Set(connections.map((connection) => connection.id));
    const left = [...process.connections.keys()].filter((each) => !kept.has(each));
    return [...come, ...left.flatMap((each) => this.#drop(process, each))];
  }

  #put(process: Process, connection: Shown): readonly PersonChange[] {
    const old = process.connections.get(connection.id);
    if (old !== undefined && old.at === connection.at && looksSame(old, connection)) return [];
    if (old !== undefined && old.userId !== connection.userId) return [...this.#drop(process, old.id), ...this.#put(process, connection)];
    process.connections.set(connection.id, connection);
    const change = this.#people.put(connection, old);
    return change.hasCome ? [change, ...this.#release(connection.userId)] : [change];
  }

  #drop(process: Process, connectionId: string, told?: Extract<PresenceNews, { readonly kind: "drop" }>): readonly PersonChange[] {
    const connection = process.connections.get(connectionId);
    process.connections.delete(connectionId);
    return connection === undefined ? [] : [this.#people.drop(connection, told)];
  }
}
