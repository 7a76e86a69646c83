import { serverUserId } from "../contract/user-id.ts";
import type { PublicEntry } from "../log/log.ts";
import type { EntryFrame } from "../protocol/frame.ts";
import type { HostFacts } from "./host-services.ts";

/** An entry of a room, as members get it; `epoch`: of the log that it is in. */
export function toEntryFrame({ room, number }: HostFacts, entry: PublicEntry, epoch: string | undefined): EntryFrame {
  const { position, check, at, author, callId: madeBy, version, bytes } = entry;
  const payload = { format: room.contract.entryFormat, bytes };
  // Members know their own calls by it: the server's is nobody's.
  const callId = author === serverUserId ? undefined : madeBy;
  return { kind: "entry", room: number, count: position, check, epoch: position === 1 ? epoch : undefined, at, callId, version, payload };
}
