import type { ClientRoom } from "nexios/client";
import type { Cluster } from "../../src/simulation/cluster.ts";
import type { InboxRoom } from "./contract.ts";
import type { InboxEntry } from "./entry.ts";
import type { Notification } from "./notification.ts";
import { recount } from "./recount.fixture.ts";
import { emptyInbox, type Inbox } from "./state.ts";

type Rooms = ReadonlyMap<string, ClientRoom<InboxRoom>>;

/** Compares what devices have with what the log says and with what their owner can have meant. */
export class InboxJudge {
  readonly #cluster: Cluster;
  readonly #contract: InboxRoom;
  readonly #room: string;
  /** The fold from nothing, after each entry. */
  readonly #truths: string[] = [JSON.stringify(sorted(emptyInbox))];
  #state: Inbox = emptyInbox;
  readonly #texts = new WeakMap<Inbox, string>();
  /** Where a notification stood when somebody marked it, by what he marked it as; or its id alone where he named it. */
  readonly #meantSeen = new Set<string>();
  readonly #meantRead = new Set<string>();
  readonly #keys = new Map<string, string>();
  readonly #sent = new Set<string>();
  readonly #created = new Set<string>();

  constructor(cluster: Cluster, contract: InboxRoom, room: string) {
    this.#cluster = cluster;
    this.#contract = contract;
    this.#room = room;
  }

  /** Somebody marks what he sees, or what he names. */
  noteMark(name: "seen" | "readAll" | "read" | "snooze", items: readonly Notification[], ids?: readonly string[]): void {
    const meant = ids ?? items.map(toPlace);
    for (const each of meant) {
      this.#meantSeen.add(each);
      if (name === "readAll" || name === "read") this.#meantRead.add(each);
    }
  }

  /** What a creation under a key was answered. */
  noteKey(key: string, { id }: { readonly id: string }): void {
    const first = this.#keys.get(key) ?? id;
    if (first !== id) this.#report(`key ${key} is answered ${first} and then ${id}`);
    this.#keys.set(key, first);
  }

  /** At any moment: devices at one place have the same, which is the fold of the log, and the counts are those of the list, expected changes included. */
  look(rooms: Rooms): void {
    this.#foldOn();
    for (const [name, { confirmedState, state }] of rooms) {
      if (confirmedState !== undefined && this.#textOf(confirmedState) !== this.#truths[confirmedState.count]) {
        this.#report(`${name} has at ${confirmedState.count} what is not the fold of the log`);
      }
      if (state !== undefined && JSON.stringify(state.counts) !== JSON.stringify(recount(state))) {
        this.#report(`${name} shows ${JSON.stringify(state.counts)} beside a list of ${JSON.stringify(recount(state))}`);
      }
    }
  }

  /** In the calm: nobody is behind, and nothing waits any more that is over. */
  lookAtEnd(rooms: Rooms): void {
    for (const [name, { confirmedState, state }] of rooms) {
      if (confirmedState?.count !== this.#state.count) this.#report(`${name} is at ${confirmedState?.count} of ${this.#state.count}`);
      if (state !== undefined && this.#textOf(state) !== this.#truths[this.#state.count]) this.#report(`${name} shows what is not confirmed`);
    }
  }

  #foldOn(): void {
    const committed = this.#cluster.diskOf(this.#room).committed(this.#room);
    for (const { public: part, version } of committed.slice(this.#state.count)) {
      if (part === undefined) continue;
      const entry = this.#contract.decodeEntry(part.bytes, version);
      this.#judgeEntry(this.#state, entry);
      const after = this.#contract.evolve(this.#state, entry);
      this.#judgeChange(this.#state, after, entry);
      this.#state = after;
      this.#truths.push(this.#textOf(after));
    }
  }

  /** What is handed over to be sent, and what is made. */
  #judgeEntry({ items }: Inbox, entry: InboxEntry): void {
    if (entry.kind === "created" && entry.key !== undefined) {
      if (this.#created.has(entry.key)) this.#report(`two notifications were made under one key`);
      this.#created.add(entry.key);
    }
    if (entry.kind === "erased") this.#created.clear();
    // It was not sent yet.
    if (entry.kind === "postponed") {
      for (const { id, deliveries } of items) if (deliveries.some((each) => each.id === entry.delivery)) this.#sent.delete(`${id} ${entry.channel}`);
    }
    const ids = entry.kind === "due" ? [entry.notification] : entry.kind === "digested" ? entry.notifications : [];
    for (const id of ids) {
      const name = `${id} ${"channel" in entry ? entry.channel : ""}`;
      const item = items.find((each) => each.id === id);
      if (this.#sent.has(name)) this.#report(`${name} is sent twice`);
      if (item === undefined || item.isSeen || item.isDone) this.#report(`${name} is sent though it was seen, or is gone`);
      this.#sent.add(name);
    }
  }

  /** Nothing is marked that nobody meant, and nothing comes undone of itself. */
  #judgeChange(before: Inbox, { items }: Inbox, entry: InboxEntry): void {
    const known = new Map(before.items.map((item) => [item.id, item]));
    for (const item of items) {
      const { id, isRead, isSeen, isReceived } = item;
      const was = known.get(id);
      const isMeant = (meant: ReadonlySet<string>): boolean => meant.has(id) || meant.has(toPlace(item));
      if (isRead && was?.isRead === false && !isMeant(this.#meantRead)) this.#report(`${id} is read, and nobody saw it (${entry.kind})`);
      if (isSeen && was?.isSeen === false && !isMeant(this.#meantSeen)) this.#report(`${id} is seen, and nobody saw it (${entry.kind})`);
      if (was === undefined || entry.kind === "woken") continue;
      if ((was.isSeen && !isSeen) || (was.isReceived && !isReceived) || (was.isRead && !isRead && entry.kind !== "unread")) {
        this.#report(`${id} is not any more what it was (${entry.kind})`);
      }
    }
  }

  #textOf(state: Inbox): string {
    const known = this.#texts.get(state);
    if (known !== undefined) return known;
    const text = JSON.stringify(sorted(state));
    this.#texts.set(state, text);
    return text;
  }

  #report(what: string): void {
    this.#cluster.findings.report("state", what);
  }
}

function toPlace({ id, position }: Notification): string {
  return `${id} at ${position}`;
}

/** A state that came by a snapshot may have its members in another order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}
