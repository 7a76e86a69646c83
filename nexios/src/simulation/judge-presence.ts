import type { Device } from "./device.ts";
import type { Session } from "./device-records.ts";
import type { DeviceRoom } from "./device-room.ts";
import { touches } from "./journal.ts";
import type { Evidence } from "./judges.ts";
import { findPresenceFaults, type Place, stateOf } from "./presence-views.ts";

/** A killed process's members are gone so soon, and what tells of it takes so long. */
const goneMs = 6_000;
const slackMs = 1_500;
/** A server may take a connection for alive for so long after the device has lost it, or the other way round. */
const unsureMs = 25_000;
/** So long may it take until all processes know of a new member. */
const knownMs = 3_000;
/** A device notices so soon that its process has died. */
const noticedMs = 100;
/** A process that says nothing for so long is taken for dead. */
const silentMs = 4_000;

/** Sentence 6: who is here is seen by all, a killed process's members are soon gone, and nobody else is. */
export function judgePresence({ cluster, devices, kinds, journal }: Evidence): void {
  const { findings } = cluster;
  const rooms = new Map<string, readonly Place[]>();
  for (const device of devices) {
    for (const room of device.rooms.values()) if (room.contract.hasPresence) rooms.set(room.name, [...(rooms.get(room.name) ?? []), { device, room }]);
  }
  for (const places of rooms.values()) {
    for (const fault of findPresenceFaults(places)) findings.report("presence", fault);
    for (const place of places) {
      judgeStates(place);
      judgeGone(place, places);
      for (const { process, atMs } of journal.kills) judgeKill(place, places, process, atMs);
    }
  }

  /** Whom a room knows, it shows as they show themselves. */
  function judgeStates({ device, room }: Place): void {
    if (!kinds.has(room.name) || !device.isOn || !room.isIn || room.presence === undefined) return;
    const own = devices.filter((other) => other.user.id === device.user.id).map((other) => JSON.stringify(other.rooms.get(room.name)?.presence));
    const state = stateOf(room, device.user.id);
    if (!own.includes(state)) findings.report("presence", `${device.name} in ${room.name} sees itself as ${state}, and shows ${own.join(" and ")}`);
  }

  /** Nobody whose connection and process live on is ever gone. */
  function judgeGone({ device, room }: Place, places: readonly Place[]): void {
    for (const change of room.people.changes) {
      if (change.kind !== "gone") continue;
      const { userId, atMs } = change;
      if (isLate(device, atMs, atMs)) continue;
      const isSure = places.some(({ device: other, room: its }) => other.user.id === userId && its.sessions.some((session) => lives(session, atMs)));
      if (isSure) findings.report("presence", `${device.name} in ${room.name} saw ${userId} go at ${Math.round(atMs)} ms, who was there`);
    }
  }

  function lives({ process, fromMs, untilMs }: Session, atMs: number): boolean {
    if (fromMs + knownMs > atMs || (untilMs !== undefined && untilMs < atMs + unsureMs)) return false;
    return !touches(journal.brokerFaults, atMs - silentMs - knownMs, atMs) && !touches(journal.stalls, atMs - silentMs - knownMs, atMs, process);
  }

  function isLate({ name }: Device, fromMs: number, untilMs: number): boolean {
    return journal.slow.some((window) => window.device === name && window.fromMs <= untilMs && window.untilMs >= fromMs);
  }

  function judgeKill({ device, room }: Place, places: readonly Place[], process: number, killedAtMs: number): void {
    const byMs = killedAtMs + goneMs + slackMs;
    const watching = room.sessions.find(({ fromMs, untilMs }) => fromMs + knownMs < killedAtMs && (untilMs === undefined || untilMs > byMs));
    if (watching === undefined || watching.process === process || isLate(device, killedAtMs, byMs)) return;
    if (touches(journal.stalls, killedAtMs - silentMs, byMs, watching.process)) return;
    for (const userId of peopleAt(room, byMs)) {
      const own = places.filter((place) => place.device.user.id === userId);
      const isBack = own.some((place) => isConnected(place.device, killedAtMs + noticedMs, byMs));
      const sessions = own.flatMap((place) => place.room.sessions).filter(({ untilMs = Infinity }) => untilMs > killedAtMs - unsureMs);
      if (isBack || sessions.length === 0 || !sessions.every((session) => endsWith(session, process, killedAtMs))) continue;
      findings.report("presence", `${device.name} in ${room.name} still saw ${userId} at ${Math.round(byMs)} ms, after process ${process} had died`);
    }
  }
}

/** Whether the session ended with the process. */
function endsWith({ process, fromMs, untilMs }: Session, killed: number, atMs: number): boolean {
  return process === killed && fromMs < atMs && untilMs !== undefined && Math.abs(untilMs - atMs) < noticedMs;
}

function isConnected({ connections }: Device, fromMs: number, untilMs: number): boolean {
  return connections.some((connection) => connection.fromMs < untilMs && (connection.untilMs ?? Infinity) > fromMs);
}

/** Who was here at a moment, as the device had been told. */
function peopleAt(room: DeviceRoom, atMs: number): ReadonlySet<string> {
  let people = new Set<string>();
  for (const change of room.people.changes) {
    if (change.atMs > atMs) break;
    switch (change.kind) {
      case "list":
        people = new Set(change.userIds);
        break;
      case "here":
        people.add(change.userId);
        break;
      case "gone":
        people.delete(change.userId);
        break;
      case "end":
        people.clear();
    }
  }
  return people;
}
