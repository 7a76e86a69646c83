export { type DeliveryReport, inboxRoom, type InboxRoom, type NewEndpoint, type NewNotification, type PushSubscription } from "./contract.ts";
export type { Told } from "./collapse-gap.ts";
export { type CategoryCounts, type Counts, type InboxCounts, isListed } from "./counts.ts";
export type { Delivery } from "./deliveries.ts";
export type {
  Attempt,
  Channel,
  Choice,
  DeliveryStatus,
  DigestedEntry,
  DueEntry,
  Endpoint,
  InboxEntry,
  Moment,
  NotificationContent,
  Passed,
  Priority,
  SentChannel,
} from "./entry.ts";
export type { Notification } from "./notification.ts";
export { endOfQuiet, type QuietHours } from "./quiet.ts";
export type { ClosedDigest, Inbox, Mute, OpenDigest, Preference } from "./state.ts";
