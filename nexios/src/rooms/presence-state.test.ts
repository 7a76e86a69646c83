import fc from "fast-check";
import { expect, test } from "vitest";
import { type Shown, toListParts } from "./presence-message.ts";
import { type PresenceNews, PresenceState } from "./presence-state.ts";

const encoder = new TextEncoder();

function shown(process: string, id: string, userId: string, at = 1): Shown {
  return { process, id, userId, name: `${userId} by ${id}`, at, state: encoder.encode(`{"at":${at}}`) };
}

function list(process: string, number: number, ...connections: readonly Shown[]): PresenceNews {
  return { kind: "list", process, number, part: 0, parts: 1, connections };
}

function put(number: number, connection: Shown): PresenceNews {
  return { kind: "put", process: connection.process, number, connection };
}

function drop(process: string, number: number, id: string, at = 1): PresenceNews {
  return { kind: "drop", process, number, id, at, reason: "left" };
}

function digest(process: string, number: number, count: number): PresenceNews {
  return { kind: "digest", process, number, count, isAsking: false };
}

function stateOf(...news: readonly PresenceNews[]): PresenceState {
  const state = new PresenceState();
  for (const each of news) state.apply(each);
  return state;
}

function users(state: PresenceState): readonly string[] {
  return state.people.list().map(({ userId }) => userId);
}

test("a change that follows what is known is applied, an older one is ignored, and a hole makes the process stale", () => {
  const state = stateOf(list("p", 1, shown("p", "c1", "ann")));

  state.apply(put(2, shown("p", "c2", "bob")));
  state.apply(drop("p", 1, "c1"));
  const before = [users(state), state.isStale];
  state.apply(put(4, shown("p", "c4", "dan")));

  expect([before, users(state), state.isStale]).toEqual([[["ann", "bob"], false], ["ann", "bob"], true]);
});

test("a list replaces what is known unless its number is lower", () => {
  const state = stateOf(list("p", 5, shown("p", "c1", "ann")));

  state.apply(list("p", 4, shown("p", "c0", "old")));
  const older = users(state);
  state.apply(list("p", 5, shown("p", "c2", "bob"), shown("p", "c3", "cleo")));

  expect([older, users(state)]).toEqual([["ann"], ["bob", "cleo"]]);
});

test("a list brings another state of the same moment, and is silent about what is the same", () => {
  const state = stateOf(list("p", 5, shown("p", "c1", "ann"), shown("p", "c2", "bob")));

  const changes = state.apply(list("p", 7, { ...shown("p", "c1", "ann"), state: encoder.encode("2") }, shown("p", "c2", "bob")));

  expect(changes.map(({ userId }) => userId)).toEqual(["ann"]);
});

test("a list in parts replaces only when all parts of one number have come", () => {
  const state = stateOf(list("p", 1, shown("p", "c0", "ann")));
  const part = (number: number, index: number, userId: string): PresenceNews => {
    return { kind: "list", process: "p", number, part: index, parts: 2, connections: [shown("p", `c-${userId}`, userId)] };
  };

  for (const each of [part(2, 0, "bob"), part(3, 1, "dan"), part(2, 1, "cleo"), part(3, 1, "dan")]) state.apply(each);
  const incomplete = users(state);
  state.apply(part(3, 0, "eve"));

  expect([incomplete, users(state)]).toEqual([["ann"], ["dan", "eve"]]);
});

test.each<[string, PresenceNews, boolean]>([
  ["the same number and count", digest("p", 3, 1), false],
  ["a higher number", digest("p", 4, 1), true],
  ["another count", digest("p", 3, 2), true],
  ["a process that is not known", digest("q", 3, 2), true],
  ["a change of a process that is not known", put(1, shown("q", "c2", "bob")), true],
])("whether a process is stale after %s", (_, news, expected) => {
  const state = stateOf(list("p", 3, shown("p", "c1", "ann")));

  state.apply(news);

  expect(state.isStale).toBe(expected);
});

test("a digest of nobody is a whole list", () => {
  const state = stateOf(list("p", 3, shown("p", "c1", "ann")));

  state.apply(digest("p", 9, 0));

  expect([users(state), state.isStale]).toEqual([[], false]);
});

test("a stale process is asked once in a while, until its list or a digest that agrees has come", () => {
  const state = stateOf(list("p", 3, shown("p", "c1", "ann")), digest("p", 4, 1));

  const asked = [0, 999, 1_000].map((now) => state.toAsk(now, 1_000).ids);
  state.apply(list("p", 4, shown("p", "c1", "ann")));
  const settled = state.toAsk(5_000, 1_000).ids;
  state.doubtAllBut("own", 5_000);
  state.apply(digest("p", 4, 1));

  expect([asked, settled, state.isStale]).toEqual([[["p"], [], ["p"]], [], false]);
});

test("a process that answers none of ten asks has nobody here, and may come again", () => {
  const state = stateOf(list("p", 3, shown("p", "c1", "ann")), digest("p", 4, 1));

  const asks = Array.from({ length: 10 }, (_, index) => state.toAsk(index * 1_000, 1_000).ids.length);
  const { changes } = state.toAsk(10_000, 1_000);
  const forgotten = [users(state), state.isStale];
  state.apply(list("p", 1, shown("p", "c1", "ann")));

  expect(asks).toEqual(Array.from({ length: 10 }, () => 1));
  expect(changes).toMatchObject([{ userId: "ann", after: undefined }]);
  expect([forgotten, users(state)]).toEqual([[[], false], ["ann"]]);
});

test("a process that is gone is not listened to until it is welcome, and is asked then", () => {
  const state = stateOf(list("p", 3, shown("p", "c1", "ann")), list("q", 3, shown("q", "c2", "bob")));

  state.leave("p");
  state.apply(list("p", 4, shown("p", "c1", "ann")));
  const late = users(state);
  state.welcome("p");
  const { ids } = state.toAsk(0, 1_000);
  state.apply(list("p", 4, shown("p", "c1", "ann")));

  expect([late, ids, users(state)]).toEqual([["bob"], ["p"], ["bob", "ann"]]);
});

test("no more than a thousand processes are listened to, and a hundred asked at once", () => {
  const state = stateOf(...Array.from({ length: 1_001 }, (_, index) => digest(`p${index}`, 1, 1)));

  const asks = Array.from({ length: 11 }, () => state.toAsk(0, 1_000).ids.length);

  expect(asks).toEqual([...Array.from({ length: 10 }, () => 100), 0]);
});

test("who comes back in the list in which the old connection is missing was never away", () => {
  const state = stateOf(list("p", 1, shown("p", "c1", "ann")));

  const changes = state.apply(list("p", 5, shown("p", "c2", "ann", 2)));

  expect(changes.map(({ after }) => after?.id)).toEqual(["c2", "c2"]);
});

const processes = ["p", "q", "r"] as const;
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("put" as const), at: fc.nat(2), slot: fc.nat(4), userId: fc.constantFrom("ann", "bob", "cleo"), ms: fc.nat(3) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("drop" as const), at: fc.nat(2), slot: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("reopen" as const), at: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("list" as const), at: fc.nat(2) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("deliver" as const), place: fc.nat(), isKept: fc.boolean(), isLost: fc.boolean() }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A process that writes its own connections and hears of the others'. */
class Peer {
  readonly name: string;
  state = new PresenceState();
  #number = 0;

  constructor(name: string) {
    this.name = name;
  }

  put(id: string, userId: string, now: number): PresenceNews {
    const at = Math.max(now, (this.state.people.shown(userId)?.at ?? -1) + 1);
    const connection = shown(this.name, id, userId, at);
    this.#number++;
    return this.#apply(this.state.connectionsOf(this.name).size === 0 ? list(this.name, this.#number, connection) : put(this.#number, connection));
  }

  drop(id: string): PresenceNews | undefined {
    return this.state.connectionsOf(this.name).has(id) ? this.#apply(drop(this.name, ++this.#number, id)) : undefined;
  }

  reopen(): void {
    this.state = new PresenceState();
    this.#number += 1_000;
  }

  list(): readonly PresenceNews[] {
    return toListParts(this.name, this.#number, this.state.connectionsOf(this.name).values());
  }

  digest(): PresenceNews {
    return digest(this.name, this.#number, this.state.connectionsOf(this.name).size);
  }

  #apply(news: PresenceNews): PresenceNews {
    this.state.apply(news);
    return news;
  }
}

function play(peers: readonly Peer[], steps: readonly Step[]): readonly { readonly to: Peer; readonly news: PresenceNews }[] {
  const under: { to: Peer; news: PresenceNews }[] = [];
  const send = (from: Peer | undefined, news: PresenceNews | undefined): void => {
    for (const to of peers) if (to !== from && news !== undefined) under.push({ to, news });
  };
  for (const [index, each] of steps.entries()) {
    const peer = peers["at" in each ? each.at : 0];
    // The clocks of processes are apart.
    if (each.kind === "put") send(peer, peer?.put(`${peer.name}-${each.slot}-${each.userId}`, each.userId, index + each.ms));
    else if (each.kind === "drop") send(peer, peer?.drop([...peer.state.connectionsOf(peer.name).keys()][each.slot] ?? ""));
    else if (each.kind === "reopen") peer?.reopen();
    else if (each.kind === "list") for (const part of peer?.list() ?? []) send(peer, part);
    else if (under.length > 0) {
      const [message] = under.splice(each.place % under.length, each.isKept ? 0 : 1);
      const kept = message ?? under[each.place % under.length];
      if (kept !== undefined && (each.isKept || !each.isLost)) kept.to.state.apply(kept.news);
    }
  }
  return under;
}

/** Each tells its digest, and those that miss something get the list. */
function exchange(peers: readonly Peer[]): void {
  for (const from of peers) {
    for (const to of peers.filter((peer) => peer !== from)) {
      to.state.apply(from.digest());
      if (to.state.toAsk(0, 0).ids.includes(from.name)) for (const part of from.list()) to.state.apply(part);
    }
  }
}

function truth(peers: readonly Peer[]): unknown {
  const all = peers.flatMap((peer) => [...peer.state.connectionsOf(peer.name).values()]);
  const byTime = all.toSorted((a, b) => a.at - b.at || (a.process === b.process ? compare(a.id, b.id) : compare(a.process, b.process)));
  return people(byTime.map(({ userId, name, state }) => [userId, { userId, name, state }]));
}

function people(entries: readonly (readonly [string, unknown])[]): unknown {
  return [...new Map(entries)].toSorted(([a], [b]) => compare(a, b));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

test("whatever is lost, doubled or late, one exchange of digests and lists makes all processes agree on the truth", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const peers = processes.map((name) => new Peer(name));
      const late = play(peers, steps);

      exchange(peers);
      for (const { to, news } of late) to.state.apply(news);

      for (const { state } of peers) expect(people(state.people.list().map((each) => [each.userId, each]))).toEqual(truth(peers));
    }),
    { numRuns: 500 },
  );
});
