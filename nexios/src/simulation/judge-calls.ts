import type { StoredEntry } from "../log/log.ts";
import type { Device } from "./device.ts";
import type { CallRecord, ReplyFrame } from "./request-record.ts";
import type { DeviceRoom } from "./device-room.ts";
import type { Evidence } from "./judges.ts";
import { unfoldableCall } from "./kinds/sheet.ts";

/** Codes with which no well-made call may fail for good. */
const undeserved: ReadonlySet<string> = new Set(["CALL_ID_REUSED", "CONFLICT", "DAMAGED", "EXPIRED", "GAP", "OVERLOADED", "STOPPED", "UNAVAILABLE"]);
/** Nor these, where the room and its callers are known. */
const undeservedHere: ReadonlySet<string> = new Set(["INTERNAL", "INVALID_MESSAGE", "LIMIT", "NOT_FOUND"]);
/** With these a caller is not told what came of it: nobody knows, or it was given up, perhaps too late. */
const untold: ReadonlySet<string> = new Set(["UNKNOWN_OUTCOME", "CANCELLED"]);

/** Sentences 2 and 3: what was acknowledged is in the log, a call takes effect at most once, and gets one answer however often it is sent. */
export function judgeCalls(evidence: Evidence): void {
  const { cluster, devices, sharedCalls, kinds } = evidence;
  const { findings } = cluster;
  const effects = new Map<string, ReadonlyMap<string, readonly StoredEntry[]>>();
  // Of a call that two devices make, the one may be refused, and what the other has sent be decided later and otherwise.
  const effective = new Set<string>();
  for (const device of devices) {
    for (const room of device.rooms.values()) {
      for (const record of room.calls.values()) if (mayHaveTakenEffect(record)) effective.add(record.callId);
    }
  }
  for (const device of devices) for (const room of device.rooms.values()) judgeRoom(device, room);

  function judgeRoom(device: Device, room: DeviceRoom): void {
    const kept = room.contract.log === "durable";
    const ofRoom = effects.get(room.name) ?? effectsOf(cluster.diskOf(room.name).committed(room.name));
    effects.set(room.name, ofRoom);
    let lastOffset = 0;
    for (const record of room.calls.values()) {
      const who = `${device.name} in ${room.name}: ${record.name} ${record.callId}`;
      const entries = (ofRoom.get(record.callId) ?? []).filter(({ author }) => author === device.user.id);
      judgeEffect(who, record, entries, kept);
      judgeReplies(who, room, record, kept);
      const offset = entries[0]?.offset;
      // A first refusal that the device did not get is decided anew over the next connection, behind later calls; so is what a store has lost, when it comes again.
      if (offset === undefined || !isWhole(kept) || sharedCalls.has(record.callId) || record.connections > 1) continue;
      if (offset < lastOffset) findings.report("calls", `${who} took effect before an earlier call`);
      lastOffset = offset;
    }
  }

  /** Nothing was lost: what a volatile store has lost is decided anew. */
  function isWhole(kept: boolean): boolean {
    return kept || (cluster.disks.volatile.lostTails === 0 && (evidence.journal.faults["wipe"] ?? 0) === 0);
  }

  function judgeEffect(who: string, { settled, callId, connections }: CallRecord, entries: readonly StoredEntry[], kept: boolean): void {
    const scattered = entries.some(({ offset }, index) => index > 0 && offset !== (entries[index - 1]?.offset ?? 0) + 1);
    const isOwnKind = kinds.size > 0;
    if (scattered || (isOwnKind && entries.length > 1)) findings.report("calls", `${who} took effect ${entries.length} times`);
    if (settled === undefined) return;
    if (settled.kind === "accepted" && kept && isOwnKind && entries.length === 0)
      findings.report("durability", `${who} was acknowledged and is not in the log`);
    const isNever = settled.kind === "refused" || (settled.kind === "failed" && !untold.has(settled.code));
    const isOfAnother = sharedCalls.has(callId) && effective.has(callId);
    if ((isNever || connections === 0) && entries.length > 0 && !isOfAnother) {
      findings.report("calls", `${who} was told ${settled.kind} ${"code" in settled ? settled.code : ""} and took effect`);
    }
  }

  function judgeReplies(who: string, room: DeviceRoom, record: CallRecord, kept: boolean): void {
    const { settled, replies } = record;
    const decided = replies.filter(({ kind }) => kind === "accepted" || kind === "refused").map(toComparable);
    const other = decided.find((reply) => reply !== decided[0]);
    if (isWhole(kept) && other !== undefined) findings.report("calls", `${who} was answered ${decided[0] ?? ""} and then ${other}`);
    judgeFailure(who, record);
    if (settled?.kind !== "accepted" || settled.value === undefined) return;
    const past = evidence.pasts.get(room.name);
    const at = past?.find(settled.position)[0];
    if (past === undefined || at === undefined) return;
    const wrong = kinds.get(room.name)?.wrongResult?.(settled.value, past.valueAt(at));
    if (wrong !== undefined) findings.report("calls", `${who}: ${wrong}`);
  }

  function judgeFailure(who: string, { settled, name, connections }: CallRecord): void {
    if (settled?.kind !== "failed" || name === unfoldableCall) return;
    // Nobody could be reached in time.
    if (connections === 0 && settled.code === "UNAVAILABLE") return;
    if (undeserved.has(settled.code) || (kinds.size > 0 && undeservedHere.has(settled.code))) findings.report("calls", `${who} failed with ${settled.code}`);
  }
}

/** It was sent, and its caller was told that it took effect, or not told that it did not. */
function mayHaveTakenEffect({ connections, settled }: CallRecord): boolean {
  return connections > 0 && (settled === undefined || settled.kind === "accepted" || (settled.kind === "failed" && untold.has(settled.code)));
}

/** The entries of each call. */
function effectsOf(entries: readonly StoredEntry[]): ReadonlyMap<string, readonly StoredEntry[]> {
  return Map.groupBy(
    entries.filter(({ callId }) => callId !== undefined),
    ({ callId = "" }) => callId,
  );
}

function toComparable(reply: ReplyFrame): string {
  if (reply.kind === "accepted") return `accepted ${toText(reply.result)} at ${reply.position.count}`;
  if (reply.kind === "refused") return `refused ${reply.code} ${toText(reply.data)} at ${reply.position?.count}`;
  return reply.kind;
}

function toText(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? "" : new TextDecoder().decode(bytes);
}
