import { accept } from "../contract/decision.ts";
import { defineRoom } from "../contract/define-room.ts";
import { hostRoom } from "../contract/host-room.ts";
import type { HostedRoom } from "../contract/hosted-room.ts";
import { type } from "../contract/type.ts";
import type { PublicEntry } from "../log/log.ts";

/** A right that was withdrawn: it is asked again, in one room or in all. */
export interface Withdrawal {
  readonly userId: string;
  /** The room's name; absent: all rooms. */
  readonly room?: string;
}

/** The name of the log in which a withdrawal stands, so that a lost message delays it by one look. */
export const rightsRoom = "nexios/rights";

const rights = defineRoom(rightsRoom, {
  log: "durable",
  entry: type<Withdrawal>(),
  state: type<null>(),
  calls: { withdraw: { input: type<Withdrawal>() } },
}).fold(null, () => null);

/** The room of withdrawals: nobody can join it. */
export function createRights(): HostedRoom {
  return hostRoom(
    rights.serve({ authorize: () => false, input: { withdraw: { unchecked: true } }, decide: { withdraw: (_state, withdrawal) => accept(withdrawal) } }),
  );
}

/** Whether it is the framework's own room, and not one of a user's contract: no path can pass for it. */
export function isRights({ contract }: HostedRoom): boolean {
  return contract === rights;
}

/** What stands in its entries. */
export function toWithdrawals(entries: readonly PublicEntry[]): readonly Withdrawal[] {
  return entries.map(({ bytes, version }) => rights.decodeEntry(bytes, version));
}
