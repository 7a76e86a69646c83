import { accept, type Decision, refuse } from "nexios/contract";
import type { InboxRoom } from "./contract.ts";
import type { Moment } from "./entry.ts";
import { quietEndOf } from "./quiet.ts";
import type { Inbox } from "./state.ts";

/** Has a delivery come due again when the quiet hours end that were found at its sending: asked again it is the same. */
export function decidePostpone({ quiet, closedDigests, digests, items }: Inbox, delivery: string, at: Moment): Decision<InboxRoom, "postpone"> {
  const until = quietEndOf(quiet, at);
  if (until === undefined) return refuse("NOT_QUIET");
  const closed = closedDigests.find(({ id }) => id === delivery);
  if (closed !== undefined) {
    const { channel, number } = closed;
    return accept(digests.some((open) => open.number === number) ? [] : { kind: "postponed", delivery, channel, until, digest: number });
  }
  const item = items.find(({ deliveries }) => deliveries.some(({ id }) => id === delivery));
  const channel = item?.deliveries.find(({ id }) => id === delivery)?.channel;
  if (item === undefined || channel === undefined) return refuse("UNKNOWN_DELIVERY");
  return accept(item.steps.some((step) => "at" in step && step.channel === channel) ? [] : { kind: "postponed", delivery, channel, until });
}
