import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ManualTransport } from "../testing/manual-transport.ts";
import { FanOut, type SendReport, type SlowPolicy } from "./fan-out.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { Outbox } from "./outbox.ts";
import { WriteTurn } from "./write-turn.ts";

const overhead = 64;
const connectionCount = 4;
const groupCount = 3;

type Step =
  | { readonly kind: "join" | "leave"; readonly who: number; readonly group: number }
  | { readonly kind: "groupSend"; readonly group: number; readonly exclude: number | undefined; readonly bytes: number }
  /** One frame to each of them in a row, as a room tells its members. */
  | { readonly kind: "send"; readonly to: readonly number[]; readonly bytes: number }
  | { readonly kind: "stick" | "drain" | "die"; readonly who: number }
  | { readonly kind: "flush" };

function steps({ smallest, largest }: { readonly smallest: number; readonly largest: number }, maxLength: number): fc.Arbitrary<Step[]> {
  const who = fc.nat({ max: connectionCount - 1 });
  const to = fc.oneof(fc.tuple(who), fc.tuple(who), fc.subarray([0, 1, 2, 3], { minLength: 2 }));
  const group = fc.nat({ max: groupCount - 1 });
  const bytes = fc.integer({ min: smallest, max: largest });
  const step = fc.oneof(
    { weight: 12, arbitrary: fc.record({ kind: fc.constant("join" as const), who, group }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("leave" as const), who, group }) },
    { weight: 24, arbitrary: fc.record({ kind: fc.constant("groupSend" as const), group, exclude: fc.option(who, { nil: undefined }), bytes }) },
    { weight: 12, arbitrary: fc.record({ kind: fc.constant("send" as const), to, bytes }) },
    { weight: 7, arbitrary: fc.record({ kind: fc.constant("stick" as const), who }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("drain" as const), who }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("die" as const), who }) },
    { weight: 10, arbitrary: fc.record({ kind: fc.constant("flush" as const) }) },
  );
  return fc.array(step, { maxLength, size: "max" });
}

const policies = fc.array(fc.constantFrom<SlowPolicy>("drop-oldest", "drop-newest", "close"), { minLength: groupCount, maxLength: groupCount });

/** Frames that name themselves: 4 bytes of id, 4 of length, then padding. */
function toFrame(id: number, bytes: number): Uint8Array {
  const frame = Buffer.alloc(bytes);
  frame.writeUInt32BE(id, 0);
  frame.writeUInt32BE(bytes, 4);
  return frame;
}

function idsOf(write: Uint8Array): number[] {
  const ids: number[] = [];
  const bytes = Buffer.from(write);
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at + 4)) ids.push(bytes.readUInt32BE(at));
  return ids;
}

/** The real thing, over transports that a test moves. */
function build(limits: Limits, groupPolicies: readonly SlowPolicy[]) {
  const turn = new WriteTurn(() => undefined, limits.turnBytes);
  const groups = groupPolicies.map((policy) => new FanOut(turn, policy));
  const peers = Array.from({ length: connectionCount }, () => {
    const transport = new ManualTransport();
    const outbox: Outbox = new Outbox(transport, turn, limits, () => outbox.close());
    return { transport, outbox };
  });
  return { turn, groups, peers };
}

interface Waiting {
  readonly id: number;
  readonly bytes: number;
  readonly group: number | undefined;
}

/** What one connection should see, said without turns, seats or joined buffers. */
class ModelConnection {
  queue: Waiting[] = [];
  /** As often as it has joined each, in order. */
  groups: number[] = [];
  readonly writes: number[][] = [];
  stuck = false;
  blocked = false;
  dead = false;
  unsent = 0;
  readonly #limits: Limits;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get queuedBytes(): number {
    return this.queue.reduce((sum, { bytes }) => sum + bytes + overhead, 0);
  }

  fits(bytes: number): boolean {
    return this.queuedBytes + bytes + overhead <= this.#limits.queuedBytes;
  }

  dropOldestOf(group: number): boolean {
    const at = this.queue.findIndex((waiting) => waiting.group === group);
    if (at >= 0) this.queue.splice(at, 1);
    return at >= 0;
  }

  write(): void {
    if (this.dead || this.blocked || this.queue.length === 0) return;
    this.writes.push(this.queue.map(({ id }) => id));
    if (this.stuck) this.unsent += this.queue.reduce((sum, { bytes }) => sum + bytes, 0);
    this.queue = [];
    this.blocked = this.unsent >= this.#limits.unsentBytes;
  }

  drain(): void {
    this.unsent = 0;
    if (!this.blocked) return;
    this.blocked = false;
    this.write();
  }
}

class Model {
  readonly connections: readonly ModelConnection[];
  readonly #policies: readonly SlowPolicy[];
  readonly #limits: Limits;
  readonly #dropped = [0, 0, 0];
  readonly #gone = [0, 0, 0];

  constructor(limits: Limits, groupPolicies: readonly SlowPolicy[]) {
    this.#limits = limits;
    this.#policies = groupPolicies;
    this.connections = Array.from({ length: connectionCount }, () => new ModelConnection(limits));
  }

  groupSend(group: number, exclude: number | undefined, frame: Waiting) {
    let handed = 0;
    for (const [index, connection] of this.connections.entries()) {
      if (!connection.groups.includes(group) || index === exclude) continue;
      if (this.#offer(connection, group, frame)) handed++;
    }
    const report = { handed, dropped: this.#dropped[group]!, gone: this.#gone[group]! };
    this.#dropped[group] = 0;
    this.#gone[group] = 0;
    return report;
  }

  send(connection: ModelConnection, frame: Waiting): void {
    if (connection.dead) return;
    connection.queue.push(frame);
    if (!connection.blocked) return;
    this.#shed(connection, "drop-oldest", (queue, mayGo) => queue.findIndex(mayGo));
    this.#shed(connection, "drop-newest", (queue, mayGo) => queue.findLastIndex(mayGo));
    if (connection.queuedBytes > this.#limits.queuedBytes) this.die(connection);
  }

  #shed(connection: ModelConnection, policy: SlowPolicy, find: (queue: readonly Waiting[], mayGo: (waiting: Waiting) => boolean) => number): void {
    while (connection.queuedBytes > this.#limits.queuedBytes) {
      const at = find(connection.queue, ({ group }) => group !== undefined && this.#policies[group] === policy);
      if (at < 0) return;
      this.#dropped[connection.queue[at]!.group!]!++;
      connection.queue.splice(at, 1);
    }
  }

  die(connection: ModelConnection): void {
    for (const group of new Set(connection.groups)) this.#gone[group]!++;
    connection.dead = true;
    connection.queue = [];
    connection.groups = [];
  }

  /** Returns whether the frame waits for the connection now. */
  #offer(connection: ModelConnection, group: number, frame: Waiting): boolean {
    const policy = this.#policies[group];
    if (connection.blocked && !connection.fits(frame.bytes)) {
      if (policy === "close") this.die(connection);
      if (policy === "drop-oldest") while (!connection.fits(frame.bytes) && connection.dropOldestOf(group)) this.#dropped[group]!++;
      if (policy === "drop-newest" || (policy === "drop-oldest" && !connection.fits(frame.bytes))) {
        this.#dropped[group]!++;
        return false;
      }
    }
    if (!connection.dead) connection.queue.push(frame);
    return !connection.dead;
  }
}

/** What is compared after each step. What waits for the end of a turn is counted when the turn ends. */
function stateOf({ blocked, queuedBytes }: { readonly blocked: boolean; readonly queuedBytes: number }, dead: boolean, writeCount: number) {
  return dead ? { dead, writeCount } : { dead, writeCount, blocked, queuedBytes: blocked ? queuedBytes : 0 };
}

test("every connection gets exactly the frames of its groups and its own, in order, each once, in one write a turn", () => {
  // Frames are so small beside a piece of a flush that a connection that takes bytes takes all that waits for it.
  const limits = { ...defaultLimits, unsentBytes: 60, queuedBytes: 500, turnBytes: Infinity };

  fc.assert(
    fc.property(policies, steps({ smallest: 8, largest: 60 }, 120), (groupPolicies, script) => {
      const real = build(limits, groupPolicies);
      const model = new Model(limits, groupPolicies);
      for (const [id, step] of script.entries()) {
        const { report, expected } = runBoth(real, model, step, id);

        expect(report).toEqual(expected);
        expect(real.peers.map(({ outbox, transport }) => stateOf(outbox, outbox.closed, transport.writes.length))).toEqual(
          model.connections.map((connection) => stateOf(connection, connection.dead, connection.writes.length)),
        );
        const queued = real.peers.map(({ outbox }) => (outbox.blocked ? outbox.queuedBytes : 0));
        expect(Math.max(...queued)).toBeLessThanOrEqual(limits.queuedBytes);
      }
      real.turn.flush();
      for (const connection of model.connections) connection.write();

      for (const [index, { transport }] of real.peers.entries()) expect(transport.writes.map(idsOf)).toEqual(model.connections[index]!.writes);
    }),
    { numRuns: 1_000 },
  );
}, 60_000);

test("what leaves before the turn ends, since it grew too large, keeps its order too", () => {
  const limits = { ...defaultLimits, turnBytes: 150 };
  const flowing = steps({ smallest: 8, largest: 90 }, 80).map((script) => script.filter((step) => step.kind !== "stick"));

  fc.assert(
    fc.property(policies, flowing, (groupPolicies, script) => {
      const real = build(limits, groupPolicies);
      const model = new Model(limits, groupPolicies);
      for (const [id, step] of script.entries()) {
        // What died with a connection depends on when it left: the test above knows that.
        const { report, expected } = step.kind === "die" ? {} : runBoth(real, model, step, id);
        expect(report).toEqual(expected);
        for (const { outbox } of real.peers) expect(outbox.queuedBytes).toBeLessThanOrEqual(limits.turnBytes + 90 + 20 * overhead);
      }
      real.turn.flush();
      for (const connection of model.connections) connection.write();

      for (const [index, { transport }] of real.peers.entries()) {
        expect(transport.writes.flatMap(idsOf)).toEqual(model.connections[index]!.writes.flat());
      }
    }),
    { numRuns: 500 },
  );
});

function runBoth(
  { turn, groups, peers }: ReturnType<typeof build>,
  model: Model,
  step: Step,
  id: number,
): { readonly report?: SendReport; readonly expected?: SendReport } {
  switch (step.kind) {
    case "join": {
      const connection = model.connections[step.who]!;
      groups[step.group]!.add(peers[step.who]!.outbox);
      if (!connection.dead) connection.groups.push(step.group);
      return {};
    }
    case "leave": {
      const connection = model.connections[step.who]!;
      groups[step.group]!.remove(peers[step.who]!.outbox);
      const at = connection.groups.lastIndexOf(step.group);
      if (at >= 0) connection.groups.splice(at, 1);
      return {};
    }
    case "groupSend": {
      const exclude = step.exclude === undefined ? undefined : peers[step.exclude]!.outbox;
      const expected = model.groupSend(step.group, step.exclude, { id, bytes: step.bytes, group: step.group });
      const report = groups[step.group]!.send(toFrame(id, step.bytes), exclude);
      return { report, expected };
    }
    case "send": {
      const frame = toFrame(id, step.bytes);
      for (const who of step.to) peers[who]!.outbox.send(frame);
      for (const who of step.to) model.send(model.connections[who]!, { id, bytes: step.bytes, group: undefined });
      return {};
    }
    case "stick":
      peers[step.who]!.transport.stuck = true;
      model.connections[step.who]!.stuck = true;
      return {};
    case "drain": {
      const { transport, outbox } = peers[step.who]!;
      // Each second time the socket is full again at once.
      transport.stuck &&= id % 2 === 0;
      model.connections[step.who]!.stuck = transport.stuck;
      transport.take();
      outbox.drained();
      model.connections[step.who]!.drain();
      return {};
    }
    case "die":
      peers[step.who]!.outbox.close();
      if (!model.connections[step.who]!.dead) model.die(model.connections[step.who]!);
      return {};
    case "flush":
      turn.flush();
      for (const connection of model.connections) connection.write();
      return {};
  }
}
