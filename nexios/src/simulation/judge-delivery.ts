import type { EntryFrame } from "../protocol/frame.ts";
import type { Position } from "../protocol/position.ts";
import type { Seen } from "./device-copy.ts";
import type { Device } from "./device.ts";
import type { Page } from "./device-records.ts";
import type { DeviceRoom } from "./device-room.ts";
import type { Evidence } from "./judges.ts";
import type { PastEntry, RoomPast } from "./room-past.ts";

/**
 * Sentences 1, 4 and 5: what members were given is what the log has, byte by byte; each state is the fold of what was committed before; and after the calm everybody
 * stands at the head. That entries come in order and without a hole, each device has watched itself.
 */
export function judgeDelivery({ cluster, devices, pasts, kinds }: Evidence): void {
  const { findings } = cluster;
  for (const device of devices) {
    for (const [name, room] of device.rooms) {
      const past = pasts.get(name);
      if (past === undefined) continue;
      for (const seen of room.copy.seen) judgeSeen(`${device.name} in ${name}`, seen, past, room.contract.log === "durable");
      for (const page of room.pages) judgePage(`${device.name} in ${name}`, page, past, room.contract.log === "durable");
      judgeEnd(device, room, past);
    }
  }
  for (const [name, past] of pasts) {
    const unsound = kinds.get(name)?.unsound;
    if (unsound === undefined) continue;
    for (let entry = past.head; entry !== undefined; entry = entry.before) {
      const fault = unsound(past.valueAt(entry));
      if (fault !== undefined) findings.report("calls", `${name} at ${entry.position.count}: ${fault}`);
    }
  }

  function judgeSeen(who: string, seen: Seen, past: RoomPast, isDurable: boolean): void {
    if (seen.kind === "entry") return judgeEntry(who, seen.entry, past.find({ epoch: seen.epoch, count: seen.entry.count, check: seen.entry.check }));
    const { position, bytes, version } = seen;
    // A durable log has one past: who is told of another is told wrong.
    if (isDurable && seen.why === "epoch") findings.report("delivery", `${who} was told of another past at ${toText(position)}`);
    const [entry] = past.find(position);
    if (entry === undefined && position.count > 0) return findings.report("delivery", `${who} got a snapshot at ${toText(position)}, which never was`);
    if (!isSame(past.normalize(bytes, version), past.stateAt(entry)))
      findings.report("state", `${who} got a snapshot at ${toText(position)} that is not the fold`);
  }

  function judgeEntry(who: string, { count, payload, version, callId, at }: EntryFrame, committed: readonly PastEntry[]): void {
    if (committed.length === 0) return findings.report("delivery", `${who} got entry ${count}, which was never committed`);
    if (committed.some((entry) => isSame(payload.bytes, entry.bytes) && version === entry.version && callId === entry.callId && at === entry.at)) return;
    findings.report("delivery", `${who} got entry ${count}, which is another one in the log`);
  }

  function judgePage(who: string, { before, limit, entries, isEnd }: Page, past: RoomPast, isDurable: boolean): void {
    const first = entries[0]?.count ?? before - 1;
    // A volatile log may have lost what the device has seen.
    if (isDurable ? first !== before - 1 : first >= before) return findings.report("delivery", `${who} asked for what is before ${before} and got ${first}`);
    if (entries.length > limit || (entries.length < limit && !isEnd)) findings.report("delivery", `${who} got a page of ${entries.length}, and not the end`);
    for (const [index, entry] of entries.entries()) {
      if (entry.count !== first - index) findings.report("delivery", `${who} got a page with a hole before ${entry.count}`);
      judgeEntry(`${who} (history)`, entry, past.findCount(entry.count, entry.check));
    }
  }

  function judgeEnd(device: Device, room: DeviceRoom, past: RoomPast): void {
    if (!device.isOn || !room.isWanted) return;
    const who = `${device.name} in ${room.name}`;
    const { position, confirmedState: state, state: shown } = room.client ?? {};
    if (!room.isIn || position === undefined) return findings.report("convergence", `${who} is not in the room`);
    const count = past.head?.position.count ?? 0;
    if (position.count !== count || position.check !== (past.head?.position.check ?? 0)) {
      return findings.report("convergence", `${who} stands at ${toText(position)}, the head is ${count}`);
    }
    for (const folded of new Set([state, shown, room.copy.state])) {
      if (!isSame(past.normalize(room.contract.encodeState(folded), room.contract.version), past.stateAt(past.head)))
        findings.report("state", `${who} has folded another state at ${toText(position)}`);
    }
    if (room.open > 0) findings.report("calls", `${who} waits for ${room.open} replies`);
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function toText({ epoch, count, check }: Position): string {
  return `${epoch.slice(0, 8)}:${count}:${check}`;
}
