import { defaultDrainOptions } from "../rooms/drain.ts";
import { defaultRoomLimits } from "../rooms/limits.ts";
import type { Device } from "./device.ts";
import { touches } from "./journal.ts";
import type { Evidence } from "./judges.ts";
import { largestMessageOf } from "./server-line.ts";

/** Replies to calls, which a slow member has only so many of, are sent all the same. */
const repliesBytes = 16_384;
/** A withdrawn right ends after one look at the heads and a read, even if the message was lost. */
const withdrawnMs = 2_500;
/** Until a device that was sent away is in again: to connect, and to be let in. */
const returnMs = 3_000;

/** Sentences 7 and 9, and rights: a slow member costs a bounded memory, who is sent away is soon in again, and who may not be in a room gets nothing of it. */
export function judgeLimits(evidence: Evidence): void {
  const { cluster, devices, kinds, journal } = evidence;
  const { findings } = cluster;
  for (const device of devices) {
    judgeMemory(device);
    for (const drain of journal.drains) judgeDrain(device, drain);
    for (const withdrawal of journal.withdrawals) if (withdrawal.userId === device.user.id) judgeRight(device, withdrawal);
  }

  function judgeMemory(device: Device): void {
    const unsentBytes = cluster.limits.unsentBytes ?? defaultRoomLimits.unsentBytes;
    for (const { link, fromMs } of device.connections) {
      if (link.peakUnsentBytes <= unsentBytes + largestMessageOf(link) + repliesBytes) continue;
      findings.report("memory", `${link.peakUnsentBytes} bytes waited for ${device.name}, whose connection began at ${Math.round(fromMs)} ms`);
    }
  }

  function judgeDrain(device: Device, { process, atMs }: { readonly process: number; readonly atMs: number }): void {
    const { checkMs, windowMs } = defaultDrainOptions;
    const byMs = atMs + checkMs + windowMs + returnMs;
    if (isExcused(device, process, atMs, byMs)) return;
    for (const room of device.rooms.values()) {
      const before = room.sessions.find(
        (session) => session.process === process && session.fromMs < atMs && (session.untilMs === undefined || session.untilMs > atMs + checkMs),
      );
      // What a newer version has written to can be had where that runs, and nowhere else.
      const isMixed = (kinds.get(room.name)?.served.length ?? 1) > 1 && (journal.faults["deploy"] ?? 0) > 0;
      const isOff = journal.offs.some((off) => off.device === device.name && (off.room ?? room.name) === room.name && off.atMs > atMs && off.atMs < byMs);
      if (before === undefined || before.isLeft || !room.isWanted || isMixed || isOff) continue;
      const after = room.sessions.find((session) => session.fromMs > before.fromMs && session.process !== process);
      if (after === undefined || after.fromMs > byMs)
        findings.report("drain", `${device.name} was not in ${room.name} again by ${Math.round(byMs)} ms, after process ${process} began to drain`);
    }
  }

  /** Other faults at the same time may well delay a return. */
  function isExcused(device: Device, process: number, fromMs: number, untilMs: number): boolean {
    // It may not have been told in time.
    if (journal.slow.some((slow) => slow.device === device.name && slow.fromMs <= untilMs && slow.untilMs >= fromMs)) return true;
    const isOther = journal.kills.some((kill) => kill.atMs > fromMs - 10_000 && kill.atMs < untilMs);
    const isDouble = journal.drains.some((drain) => drain.process !== process && Math.abs(drain.atMs - fromMs) < 20_000);
    const isCut = device.connections.some(
      (connection) => connection.untilMs !== undefined && connection.untilMs > fromMs && connection.untilMs < untilMs && connection.process !== process,
    );
    return (
      isOther ||
      isDouble ||
      isCut ||
      !device.isOn ||
      touches(journal.diskFaults, fromMs, untilMs) ||
      touches(journal.stalls, fromMs, untilMs) ||
      touches(journal.brokerFaults, fromMs, untilMs)
    );
  }

  function judgeRight(device: Device, { room: name, atMs }: { readonly room: string; readonly atMs: number }): void {
    const room = device.rooms.get(name);
    if (room === undefined) return;
    if (room.isIn || (room.isWanted && device.isOn)) findings.report("secrets", `${device.name} is still in ${name}, without a right`);
    const byMs = atMs + withdrawnMs;
    if (touches(journal.diskFaults, atMs, byMs) || touches(journal.stalls, atMs, byMs)) return;
    const startedAt = cluster.now() - cluster.scheduler.now;
    // By when the entry was made: what the network still carries was sent before.
    const late = room.copy.seen.find((seen) => seen.kind === "entry" && seen.entry.at - startedAt > byMs);
    if (late !== undefined)
      findings.report("secrets", `${device.name} got an entry of ${name} at ${Math.round(late.atMs)} ms, its right had ended at ${Math.round(atMs)} ms`);
  }
}
