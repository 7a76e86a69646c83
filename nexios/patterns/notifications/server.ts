export type { CategoryDefaults } from "./delivery-rules.ts";
export type { EndpointSecret } from "./endpoint-seal.ts";
export { defaultInboxLimits, type InboxLimits } from "./limits.ts";
export { addInbox, Inboxes, type Notified, type NotifyOptions, type OpenedEndpoint } from "./notifications.ts";
export { type InboxOptions, serveInbox } from "./serve-inbox.ts";
