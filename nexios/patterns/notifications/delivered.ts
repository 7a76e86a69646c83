import { accept, type Decision, refuse } from "nexios/contract";
import type { DeliveryReport, InboxRoom } from "./contract.ts";
import type { Attempt, Moment } from "./entry.ts";
import type { Inbox } from "./state.ts";

/** Takes down what came of sending. That an endpoint is gone counts even where the notification is gone too. */
export function decideDelivered(state: Inbox, { delivery, ...report }: DeliveryReport, at: Moment): Decision<InboxRoom, "delivered"> {
  const known = state.closedDigests.find(({ id }) => id === delivery) ?? state.items.flatMap(({ deliveries }) => deliveries).find(({ id }) => id === delivery);
  const isEndpointGone = report.status === "gone" && state.endpoints.some(({ id }) => id === report.endpoint);
  if (known === undefined && !isEndpointGone) return refuse("UNKNOWN_DELIVERY");
  if (!isEndpointGone && known?.attempts.some((attempt) => isSame(attempt, report))) return accept([]);
  return accept({ kind: "delivered", delivery, outcome: { ...report, at } });
}

function isSame(attempt: Attempt, report: Omit<DeliveryReport, "delivery">): boolean {
  return attempt.endpoint === report.endpoint && attempt.attempt === report.attempt && attempt.status === report.status;
}
