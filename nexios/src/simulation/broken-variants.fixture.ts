import { hostRoom } from "../contract/host-room.ts";
import type { ServedRoom } from "../contract/served-room.ts";
import type { Appended, AppendRequest, Batch, Checkpoint, Decide, Head, Log, PublicEntry, StoredEntry } from "../log/log.ts";
import { nextPublicCheck, seal } from "../log/seal.ts";
import { defaultRoomLimits } from "../rooms/limits.ts";
import type { Line } from "../rooms/line.ts";
import { recordKind } from "./kinds/record.ts";
import { overlay } from "./overlay.fixture.ts";
import { createPlan } from "./plan.ts";
import { roomKinds } from "./room-kinds.ts";
import { runPlan } from "./run-plan.ts";
import type { Variant } from "./variant.ts";

/** A cluster with one part that is broken on purpose: what must hold does not hold in it, and a run must show that. */
export interface BrokenVariant {
  readonly name: string;
  /** Anew for each run. */
  create(): Variant;
}

function withDecide(log: Log, change: (decide: Decide) => Decide): Log {
  return overlay(log, { append: (request, decide) => log.append(request, change(decide)) });
}

function withBatch(log: Log, change: (batch: Batch) => Batch): Log {
  return withDecide(log, (decide) => (tail, known) => {
    const batch = decide(tail, known);
    return batch && change(batch);
  });
}

/** Decides without writing, answers, and writes afterwards. */
async function answerFirst(log: Log, request: AppendRequest, decide: Decide): Promise<Appended> {
  let batch: Batch | undefined;
  let before: Head | undefined;
  const looked = await log.append(request, (tail, known) => {
    batch = decide(tail, known);
    before = tail.head;
    return undefined;
  });
  const [writing, head] = [batch, before];
  if (looked.kind !== "appended" || writing === undefined || head === undefined) return looked;
  log.append({ ...request, from: head }, () => writing).catch(() => undefined);
  return { kind: "appended", ...seal(head, writing) };
}

const fullBytes = 1_000;

/** The socket's state is not looked at: what it has no room for is dropped. */
function dropping(line: Line): Line {
  const { id, user, encoding } = line;
  return {
    id,
    user,
    encoding,
    unsentBytes: 0,
    send: (message) => (line.unsentBytes > fullBytes ? undefined : line.send(message)),
    close: (name, reason) => line.close(name, reason),
  };
}

/** What members read is revealed by the newest version's code, on reading. */
function revealingAgain(log: Log): Log {
  const served = recordKind.served.at(-1) as ServedRoom;
  const room = hostRoom(served);
  async function reveal(): Promise<readonly PublicEntry[]> {
    const entries = await log.read(recordKind.room, 0, Infinity);
    let [states, position, check] = [room.initial(), 0, 0];
    return entries.flatMap(({ bytes, version, at, author, callId, erased }) => {
      const { states: after, rows } = room.append(states, [served.inner.decodeEntry(bytes, version)]);
      states = after;
      const revealed = rows[0]?.revealed;
      if (revealed === undefined) return [];
      position++;
      check = nextPublicCheck(check, revealed);
      return [{ position, check, bytes: revealed, at, author, callId, version: room.contract.version, erased }];
    });
  }
  return overlay(log, {
    async readPublic(name, after, limit) {
      if (name !== recordKind.room) return log.readPublic(name, after, limit);
      return (await reveal().catch(() => log.readPublic(name, after, limit))).filter(({ position }) => position > after).slice(0, limit);
    },
  });
}

/** What calls came to is forgotten after 2 s, and an older id is decided all the same. */
function forgettingIds(log: Log): Log {
  return withDecide(log, (decide) => (tail, known) => {
    const young = [...known].filter(([, { at }]) => at > log.now() - 2_000);
    return decide({ ...tail, head: { ...tail.head, callsSince: 0 } }, new Map(young));
  });
}

/** Whether it is still the same past is not compared: a place is taken at its word as long as there is one. */
function trustingPlaces(log: Log): Log {
  return overlay(log, {
    async append(request, decide) {
      const { room, from } = request;
      if (from === undefined || from.offset === 0) return log.append(request, decide);
      const [entry] = await log.read(room, from.offset - 1, 1).catch(() => []);
      return log.append({ ...request, from: { ...from, check: entry?.check ?? from.check } }, decide);
    },
  });
}

/** The checkpoint that came last is the one that is kept. */
function keepingLast(log: Log, last: Map<string, Checkpoint>): Log {
  return overlay(log, {
    checkpoint: async (room) => last.get(room) ?? log.checkpoint(room),
    async putCheckpoint(room, checkpoint, trim) {
      const isKept = await log.putCheckpoint(room, checkpoint, trim);
      last.set(room, checkpoint);
      return isKept;
    },
  });
}

/** All that was written seems to be of the first version. */
function hidingVersions(log: Log): Log {
  const first = <Versioned extends { readonly version: number }>(of: Versioned): Versioned => ({ ...of, version: 1 });
  const entries = (stored: readonly StoredEntry[]): readonly StoredEntry[] => stored.map(first);
  return overlay(log, {
    append: (request, decide) => log.append(request, (tail, known) => decide({ head: first(tail.head), entries: entries(tail.entries) }, known)),
    head: async (room) => {
      const head = await log.head(room);
      return head && first(head);
    },
    read: async (room, after, limit) => entries(await log.read(room, after, limit)),
    checkpoint: async (room) => {
      const checkpoint = await log.checkpoint(room);
      return checkpoint && first(checkpoint);
    },
  });
}

/** The first seed whose run shows that the variant is broken, and what it shows. */
export async function firstCaught(variant: BrokenVariant, seeds: number): Promise<{ readonly seed: number; readonly what: string } | undefined> {
  for (let seed = 1; seed <= seeds; seed++) {
    const { violations } = await runPlan(createPlan(seed, roomKinds), variant.create());
    const [first] = violations;
    if (first !== undefined) return { seed, what: `${first.rule}: ${first.what.split("\n")[0] ?? ""}` };
  }
  return undefined;
}

const { calls, presence } = defaultRoomLimits;

export const brokenVariants: readonly BrokenVariant[] = [
  { name: "no dedupe", create: () => ({ wrapLog: (log) => withDecide(log, (decide) => (tail) => decide(tail, new Map())) }) },
  { name: "reply before commit", create: () => ({ wrapLog: (log) => overlay(log, { append: (request, decide) => answerFirst(log, request, decide) }) }) },
  { name: "drop on a full socket", create: () => ({ wrapLine: dropping }) },
  { name: "reveal computed again on reading", create: () => ({ wrapLog: (log, kind) => (kind === "durable" ? revealingAgain(log) : log) }) },
  {
    name: "the refusal of a repeated call forgotten",
    create: () => ({
      wrapLog: (log) => withBatch(log, (batch) => ({ ...batch, outcomes: batch.outcomes.filter(({ keepUntil }) => keepUntil === undefined) })),
    }),
  },
  { name: "an unknown old call id decided", create: () => ({ wrapLog: forgettingIds, rules: { calls: { ...calls, retentionMs: Infinity } } }) },
  { name: "the tail lost under the same epoch", create: () => ({ wrapLog: trustingPlaces }) },
  {
    name: "an older checkpoint overwriting a newer",
    create() {
      const last = new Map<string, Checkpoint>();
      return { wrapLog: (log) => keepingLast(log, last) };
    },
  },
  { name: "a read below the first entry that returns the rest", create: () => ({ parts: { isGap: () => false } }) },
  { name: "state kept after a failed commit", create: () => ({ parts: { keepsStateAfterFailure: true } }) },
  { name: "no digest after a change of presence", create: () => ({ rules: { presence: { ...presence, digestAfterMs: [] } } }) },
  {
    name: "a process that decides under a higher contract version",
    create() {
      const newer = new Set<number>();
      return {
        rooms(rooms, process) {
          if (rooms.some(({ contract }) => contract.version > 1)) newer.add(process);
          return rooms;
        },
        wrapLog: (log, kind, process) => (kind === "durable" && !newer.has(process) ? hidingVersions(log) : log),
      };
    },
  },
  {
    name: "no look at the heads",
    create: () => ({ wrapLog: (log) => overlay(log, { changedSince: () => Promise.resolve([]) }), rules: { compareMs: 1e9 } }),
  },
  { name: "a member turned live one entry too early", create: () => ({ parts: { isLive: (count, delivered) => count + 1 >= delivered } }) },
];
