import { NexiosError } from "../protocol/failure.ts";
import type { Head, Offset, Place } from "../log/log.ts";
import type { RedisReply } from "./redis-connection.ts";

/** The head of a room, and what its log counts beside it. */
export interface StoredRoom {
  readonly head: Head;
  /** A number that each write draws anew: no other past of the room has it. '' for a room that nobody has written to. */
  readonly revision: string;
  /** Of all that is kept. */
  readonly bytes: number;
  /** The running check and the public count just before `head.firstOffset`. */
  readonly trimmedCheck: number;
  readonly trimmedPosition: number;
  readonly checkpointOffset: Offset | undefined;
  /** The last pack, 0 when there is none; and up to which entry call ids are let go. */
  readonly packedTo: Offset;
  readonly callsGone: Offset;
}

/** A room that nobody has written to. */
export function emptyRoom(head: Head): StoredRoom {
  return { head, revision: "", bytes: 0, trimmedCheck: 0, trimmedPosition: 0, checkpointOffset: undefined, packedTo: 0, callsGone: 0 };
}

/** The fields that a write sets; the scripts keep the others. `next`: the revision that it makes. */
export function toFields({ head, revision }: StoredRoom, after: Head, next: number): readonly string[] {
  const { epoch, offset, check, position, publicCheck, version, callsSince, wakeAt } = after;
  const facts = { epoch, offset, check, position, publicCheck, version, callsSince, wakeAt: wakeAt ?? "", revision: next };
  const first = {
    firstOffset: head.firstOffset,
    firstPosition: head.firstPosition,
    trimmedCheck: 0,
    trimmedPosition: 0,
    packedFrom: 0,
    packedTo: 0,
    callsGone: 0,
  };
  return Object.entries({ ...facts, ...(revision === "" && first) }).flatMap(([name, value]) => [name, `${value}`]);
}

/** `undefined` for a room that nobody has written to. @throws NexiosError DAMAGED */
export function toStoredRoom(name: string, reply: RedisReply | undefined): StoredRoom | undefined {
  if (!Array.isArray(reply) || reply.length === 0) return undefined;
  const fields = new Map<string, string>();
  for (let index = 0; index < reply.length; index += 2) fields.set(String(reply[index]), String(reply[index + 1]));
  const number = (field: string): number => {
    const value = Number(fields.get(field) ?? "none");
    if (!Number.isSafeInteger(value)) throw damaged(name);
    return value;
  };
  const numberOrNone = (field: string): number | undefined => ((fields.get(field) ?? "") === "" ? undefined : number(field));
  const epoch = fields.get("epoch");
  if (epoch === undefined) throw damaged(name);
  return {
    head: {
      epoch,
      offset: number("offset"),
      check: number("check"),
      position: number("position"),
      publicCheck: number("publicCheck"),
      version: number("version"),
      callsSince: number("callsSince"),
      wakeAt: numberOrNone("wakeAt"),
      firstOffset: number("firstOffset"),
      firstPosition: number("firstPosition"),
    },
    revision: `${number("revision")}`,
    bytes: number("bytes"),
    trimmedCheck: number("trimmedCheck"),
    trimmedPosition: number("trimmedPosition"),
    checkpointOffset: numberOrNone("checkpointOffset"),
    packedTo: number("packedTo"),
    callsGone: number("callsGone"),
  };
}

/** A place further back than what is kept is taken at its word: its check is gone. `checkAt` is that of the entry at its offset. */
export function isPlace({ head, trimmedCheck }: StoredRoom, { epoch, offset, check }: Place, checkAt: number | undefined): boolean {
  if (epoch !== head.epoch || offset > head.offset) return false;
  if (offset === head.offset) return check === head.check;
  if (offset < head.firstOffset) return offset < head.firstOffset - 1 || check === trimmedCheck;
  return check === checkAt;
}

/** Public entries that are kept without the whole of them, and entries that are kept whole. */
export function keptEntries({ head, trimmedPosition }: StoredRoom): number {
  return Math.max(0, trimmedPosition - (head.firstPosition - 1)) + head.offset - head.firstOffset + 1;
}

export function damaged(room: string, cause?: unknown): NexiosError {
  return new NexiosError("DAMAGED", `What Redis keeps of ${room} is not what was written: delete the room's keys`, cause === undefined ? {} : { cause });
}
