import type { ServedRoom } from "nexios/contract";
import type { ClientRoom } from "nexios/client";
import { Cluster } from "../../src/simulation/cluster.ts";
import type { SimulatedProcess } from "../../src/simulation/process.ts";
import { playToEnd } from "../../src/simulation/play-to-end.fixture.ts";
import { createRandom, type Random } from "../../src/simulation/random.ts";
import type { RunResult } from "../../src/simulation/run-plan.ts";
import { World } from "../../src/simulation/simulated-world.ts";
import { inboxRoom, type InboxRoom, type NewNotification } from "./contract.ts";
import { InboxJudge } from "./inbox-judge.fixture.ts";
import type { InboxEntry } from "./entry.ts";
import { inboxExpect } from "./expected.ts";
import { keepReceived } from "./keep-received.ts";
import { serveInbox } from "./serve-inbox.ts";
import type { Inbox } from "./state.ts";

/** What is other than shipped, so that a test sees whether the judge notices. */
export interface InboxVariant {
  /** What it makes of the state before, the entry, and the right state after it. */
  readonly evolve?: (before: Inbox, entry: InboxEntry, after: Inbox) => Inbox;
  readonly decide?: (decide: Decides) => Decides;
}

type Decides = Readonly<Record<string, (state: unknown, input: unknown, context: unknown) => unknown>>;

const params = { userId: "ann" };
const room = "inbox/ann";
const producerId = "producer";
const deviceNames = ["phone", "tablet", "laptop", "office", "watch"];
const categories = ["outbid", "mention", "news"] as const;
const threads = ["lot-1", "lot-2", "lot-3"] as const;
const rounds = 30;
const times = { pushAfterMs: 2_000, emailAfterMs: 9_000, digestMs: 7_000 };

/** One person with five devices, for a virtual minute of creations, marks, cuts, sleeps and kills, and a calm in which all must agree. The same seed gives the same run. */
export async function runInboxSeed(seed: number, variant: InboxVariant = {}): Promise<RunResult> {
  const random = createRandom(seed);
  const { served, contract } = serveVariant(variant);
  const cluster = new Cluster({ random: random.fork("cluster"), processes: random.fork("size").between(2, 3), rooms: [[served]] });
  const { scheduler, findings } = cluster;
  const run = new InboxRun(cluster, contract, random);
  await playToEnd(cluster, run);
  return {
    violations: findings.violations,
    calls: run.calls,
    entries: cluster.diskOf(room).everCommitted(room).length,
    faults: run.faults,
    gaps: cluster.devices.flatMap((device) => [...device.rooms.values()]).reduce((sum, { copy }) => sum + copy.seen.filter(isGap).length, 0),
    virtualMs: scheduler.now,
    steps: scheduler.steps,
  };
}

function isGap(seen: { readonly kind: string; readonly why?: unknown }): boolean {
  return seen.kind === "snapshot" && seen.why === "gap";
}

/** The server's half, in which the producer is the server: a simulation has no calls but those of devices. */
function serveVariant({ evolve, decide }: InboxVariant): { readonly served: ServedRoom; readonly contract: InboxRoom } {
  const secret = "a secret of the simulation, 32 letters long";
  const { options, inner, ...rest } = serveInbox({
    categories: { outbid: { email: "on" }, mention: { push: "digest", email: "digest" }, news: { push: "off" } },
    ...times,
    endpointSecret: secret,
    limits: { notifications: 12, keys: 7 },
  });
  const decides = decide?.(options.decide ?? {}) ?? options.decide ?? {};
  const asServer = Object.entries(decides).map(([name, one]): [string, Decides[string]] => [
    name,
    (state, input, context) => {
      // The framework gives it so.
      const known = context as { readonly user: { readonly id: string } };
      return one(state, input, known.user.id === producerId ? { ...known, user: { id: "nexios", name: "nexios" } } : known);
    },
  ]);
  const changed = { ...options, authorize: () => true, decide: Object.fromEntries(asServer) };
  if (evolve === undefined) return { served: { ...rest, inner, contract: inboxRoom, options: changed }, contract: inboxRoom };
  const contract: InboxRoom = { ...inboxRoom, evolve: (state, entry) => evolve(state, entry, inboxRoom.evolve(state, entry)) };
  const fold = { ...inner, evolve: (state: unknown, entry: unknown) => contract.evolve(state as Inbox, entry as InboxEntry) };
  return { served: { ...rest, contract, inner: fold, options: changed }, contract };
}

class InboxRun {
  calls = 0;
  readonly faults: Record<string, number> = {};
  readonly #cluster: Cluster;
  readonly #contract: InboxRoom;
  readonly #world: World;
  readonly #random: Random;
  readonly #judge: InboxJudge;
  readonly #rooms = new Map<string, ClientRoom<InboxRoom>>();
  #producer: ClientRoom<InboxRoom> | undefined;
  #made = 0;
  #isOver = false;
  /** The first of the keys that are in use. */
  #keysFrom = 0;

  constructor(cluster: Cluster, contract: InboxRoom, random: Random) {
    this.#cluster = cluster;
    this.#contract = contract;
    this.#world = new World(cluster, random, true);
    this.#random = random.fork("acts");
    this.#judge = new InboxJudge(cluster, contract, room);
  }

  /** Processes are killed by the world, now and then. */
  noteKills(process: SimulatedProcess): void {
    const kill = process.kill.bind(process);
    process.kill = () => {
      const isDone = kill();
      if (isDone && !this.#isOver) this.#note("kill", () => {});
      return isDone;
    };
  }

  async play(): Promise<void> {
    const world = this.#world;
    this.#producer = world.client(producerId).join(this.#contract, params);
    for (const name of deviceNames) this.#enter(name);
    await world.run(500);
    this.#call(this.#producer, "addEndpoint", { channel: "email", label: "Mail", address: "ann@example.com" });
    const push = { endpoint: "https://push.example/1", keys: { p256dh: "key", auth: "auth" } };
    if (this.#random.chance(0.8)) this.#call(this.#rooms.get("phone"), "addEndpoint", { channel: "push", label: "Phone", subscription: push });
    for (let round = 0; round < rounds; round++) {
      this.#act();
      await world.run(this.#random.pick([0, 20, 150, 400, 2_500]));
      this.#judge.look(this.#rooms);
    }
    // What is held, snoozed and gathered comes due.
    await world.run(20_000);
    await this.#calm();
    this.#isOver = true;
  }

  /** All devices stand at the end, a new one too, and all have the same. */
  async #calm(): Promise<void> {
    for (const device of this.#cluster.devices) device.start();
    await this.#world.settle();
    this.#rooms.set("new", this.#world.client("new", "ann").join(this.#contract, params));
    await this.#world.settle();
    this.#judge.look(this.#rooms);
    this.#judge.lookAtEnd(this.#rooms);
  }

  #enter(name: string): void {
    const joined = this.#world.client(name, "ann").join(this.#contract, params, { expect: inboxExpect });
    this.#rooms.set(name, joined);
    // A watch that shows all and tells nothing: what it has is pushed all the same.
    if (name !== "watch") keepReceived(joined);
  }

  #act(): void {
    const random = this.#random;
    const name = random.pick(deviceNames);
    const joined = this.#rooms.get(name);
    const state = joined?.state;
    const kind = random.integer(100);
    if (kind < 34) return this.#create();
    if (kind < 37) return this.#sleep(name);
    if (kind < 40) return this.#note("cut", () => this.#world.cut(name));
    if (kind < 41) return this.#erase();
    if (state === undefined) return;
    if (random.chance(0.05)) return this.#hush(joined, state);
    const ids = state.items.filter(() => random.chance(0.3)).map(({ id }) => id);
    const upTo = state.top;
    const only = random.chance(0.2) ? { category: random.pick(categories) } : {};
    const until = this.#world.now + random.between(1_000, 20_000);
    if (kind < 54) return this.#mark(joined, "seen", { upTo, ...only });
    if (kind < 66) return this.#mark(joined, "readAll", { upTo, ...only });
    if (kind < 74) return this.#mark(joined, "read", { ids });
    if (kind < 79) return this.#call(joined, "unread", { ids });
    if (kind < 85) return this.#call(joined, "archive", { ids });
    if (kind < 88) return this.#call(joined, "unarchive", { ids });
    if (kind < 93) return this.#mark(joined, "snooze", { ids, until: random.chance(0.8) ? until : null });
    if (kind < 95) return this.#call(joined, "mute", { thread: random.pick(threads), until: random.chance(0.7) ? until : null });
    if (kind < 98) {
      return this.#call(joined, "prefer", {
        category: random.pick(categories),
        channel: random.pick(["push", "email"]),
        choice: random.pick(["on", "off", "digest", null]),
      });
    }
    return this.#call(joined, "quiet", { hours: random.chance(0.5) ? { from: random.pick(["23:30", "00:00"]), to: "00:01", zone: "UTC" } : null });
  }

  #create(): void {
    const random = this.#random;
    const number = ++this.#made;
    const key = random.chance(0.5) ? String(this.#keysFrom + random.integer(4)) : undefined;
    const notification: NewNotification = {
      category: random.pick(categories),
      title: `number ${number}`,
      ...(random.chance(0.4) && { collapseKey: random.pick(["a", "b"]) }),
      ...(random.chance(0.4) && { thread: random.pick(threads) }),
      ...(random.chance(0.1) && { priority: "critical" as const }),
      ...(random.chance(0.15) && { expiresAt: this.#world.now + random.between(500, 20_000) }),
      ...(key !== undefined && { producer: "auction", idempotencyKey: key }),
    };
    this.#call(this.#producer, "create", notification, (result) => {
      if (key !== undefined) this.#judge.noteKey(key, result);
    });
    // A producer's calls keep their order: while a key is used, six others are, and the inbox knows seven.
    if (key !== undefined && random.chance(0.1)) this.#keysFrom += 1;
  }

  /** Quiet hours begin, and who sends finds in them what was handed over last; where they have not come in time it is refused. */
  #hush(joined: ClientRoom<InboxRoom> | undefined, { items }: Inbox): void {
    this.#call(joined, "quiet", { hours: { from: "00:00", to: "00:01", zone: "UTC" } });
    const [delivery] = items.flatMap(({ deliveries }) => deliveries).toSorted((a, b) => b.at - a.at);
    if (delivery === undefined) return;
    void this.#world.run(500).then(() => this.#call(this.#producer, "postpone", { delivery: delivery.id }));
  }

  #erase(): void {
    // What was made under a key before may be made again.
    this.#call(this.#producer, "erase", undefined);
    this.#keysFrom += 4;
  }

  /** What its reader sees when he marks it is all that he can mean. */
  #mark(joined: ClientRoom<InboxRoom> | undefined, name: "seen" | "readAll" | "read" | "snooze", input: object): void {
    if (joined?.state !== undefined) this.#judge.noteMark(name, joined.state.items, "ids" in input ? (input.ids as readonly string[]) : undefined);
    this.#call(joined, name, input);
  }

  #call(
    joined: ClientRoom<InboxRoom> | undefined,
    name: string,
    input: unknown,
    onResult: (result: { readonly id: string; readonly isNew: boolean }) => void = () => {},
  ): void {
    if (joined === undefined) return;
    this.calls++;
    // Names and inputs are drawn, and made to fit each other where they are drawn.
    joined.call(name as "create", input as NewNotification).then(
      (outcome) => outcome.kind === "accepted" && onResult(outcome.result),
      // Some calls are not made, as long as a device is away; the world's own judges see to the others.
      () => {},
    );
  }

  #sleep(name: string): void {
    const device = this.#cluster.devices.find((candidate) => candidate.name === name);
    if (device?.isOn !== true) return;
    this.#note("sleep", () => device.stop());
    void this.#world.run(this.#random.between(500, 20_000)).then(() => device.start());
  }

  #note(fault: string, play: () => void): void {
    play();
    this.faults[fault] = (this.faults[fault] ?? 0) + 1;
  }
}
