import { encodeJson } from "../contract/json.ts";
import type { Grant, RoomUser } from "../contract/serve-options.ts";
import type { ErrorCode } from "../protocol/codes.ts";
import type { ClientFrame, SnapshotReason } from "../protocol/frame.ts";
import type { Position } from "../protocol/position.ts";
import { report } from "../world/report.ts";
import type { Directory, NamedRoom } from "./directory.ts";
import type { Line } from "./line.ts";
import type { Member } from "./member.ts";
import type { RoomHost } from "./room-host.ts";

/** A join that was let in, and where the member begins. */
export interface Joined {
  readonly host: RoomHost;
  readonly head: Position;
  readonly position: Position;
  /** Why it gets a snapshot first; `undefined`: it goes on from its position. */
  readonly why: SnapshotReason | undefined;
  readonly fromCount: number;
  readonly presence: Uint8Array | undefined;
  /** The number of the user's rights under which it was let in. */
  readonly grantNumber: number;
}

/** Why a join was not let in. */
export interface JoinRefused {
  readonly code: ErrorCode;
  readonly path: string | undefined;
}

/** Authorises and places a member. A resume is authorised like a first join. */
export async function joinRoom(directory: Directory, line: Line, frame: ClientFrame & { readonly kind: "join" }): Promise<Joined | JoinRefused> {
  const named = directory.find(frame.room);
  if (named === undefined) return refused("NOT_FOUND");
  if (directory.isDrained) return refused("UNAVAILABLE");
  if (frame.version < named.room.leastVersion) return refused("OUTDATED");
  const asked = directory.grants.numberOf(line.user.id);
  // Before the room is opened: who may not come costs nothing that stays.
  const grant = await ask(named, line.user);
  const host = grant && directory.open(frame.room);
  if (host === undefined) return refused("FORBIDDEN");
  const arrived = host.expect();
  try {
    return await letIn(directory, { host, line, frame, asked, grant });
  } finally {
    arrived();
  }
}

/** A join whose user has a right, as of so many withdrawals. */
interface Admission {
  readonly host: RoomHost;
  readonly line: Line;
  readonly frame: ClientFrame & { readonly kind: "join" };
  readonly asked: number;
  readonly grant: Grant | undefined;
}

async function letIn(directory: Directory, { host, line, frame, ...admission }: Admission): Promise<Joined | JoinRefused> {
  const { room } = host.facts;
  let { asked, grant } = admission;
  // The client's code is newer than this process's: another process has it.
  if (host.closed !== undefined || frame.version > room.contract.version) return refused(host.closed ?? "UNAVAILABLE");
  const shown = room.contract.hasPresence && frame.presence !== undefined ? await room.checkPresence(frame.presence) : undefined;
  if (shown?.kind === "misfits") return refused("INVALID_MESSAGE", shown.path === "" ? "presence" : `presence.${shown.path}`);
  const presence = shown && encodeJson(shown.value);
  if (presence !== undefined && presence.length > directory.limits.presenceBytes) return refused("LIMIT", "presence");
  await host.open();
  // Only now is it known who has written here.
  if (host.closed !== undefined) return refused(host.closed);
  for (;;) {
    const from = grant && (await placeOf(host, grant));
    if (from === undefined) return refused("FORBIDDEN");
    const place = await findPlace(host, frame.since, from);
    // A right that was withdrawn meanwhile is asked for again.
    const now = directory.grants.numberOf(line.user.id);
    if (now === asked) return { host, ...place, fromCount: from, presence, grantNumber: asked };
    asked = now;
    grant = await ask(host.facts, line.user);
  }
}

/** Asks again. False when the member has no right any more; one that has goes on by itself. @throws NexiosError UNAVAILABLE: nobody knows yet */
export async function reauthorize(host: RoomHost, member: Member): Promise<boolean> {
  const isLatest = member.suspend();
  host.delivery.hold(member);
  const grant = await ask(host.facts, member.line.user);
  const from = grant && (await placeOf(host, grant));
  if (!isLatest()) return true;
  if (from === undefined) return false;
  member.isSuspended = false;
  member.fromCount = from;
  host.drained(member);
  return true;
}

async function ask({ room, params, name }: NamedRoom, user: RoomUser): Promise<Grant | undefined> {
  try {
    return await room.authorize(user, params);
  } catch (error) {
    report("error", { where: `authorize ${name}`, error });
    return undefined;
  }
}

/** The count from which a grant lets see entries. One of another log, or beyond the head, is no right at all. */
async function placeOf(host: RoomHost, { from }: Grant): Promise<number | undefined> {
  if (from === undefined) return 0;
  const head = await host.head();
  if (from.count > head.count || (from.epoch !== undefined && from.epoch !== head.epoch)) return undefined;
  return from.count;
}

async function findPlace(host: RoomHost, since: Position | undefined, from: number): Promise<Pick<Joined, "head" | "position" | "why">> {
  let head = host.delivery.delivered;
  // Another process may have delivered more.
  if (head === undefined || (since !== undefined && since.count > head.count)) {
    head = await host.head();
    host.look();
  }
  const { epoch } = head;
  const nowhere = { epoch, count: 0, check: 0 };
  if (since === undefined) return { head, position: nowhere, why: "new" };
  const isFirst = since.epoch === "" && since.count === 0;
  const isOther = (since.epoch !== epoch && !isFirst) || since.count > head.count || (since.count === head.count && since.check !== head.check);
  if (isOther) return { head, position: nowhere, why: "epoch" };
  if (since.count < from) return { head, position: nowhere, why: "gap" };
  if (head.count - since.count > host.facts.room.resumeEntries) return { head, position: nowhere, why: "far" };
  return { head, position: { ...since, epoch }, why: undefined };
}

function refused(code: ErrorCode, path?: string): JoinRefused {
  return { code, path };
}
