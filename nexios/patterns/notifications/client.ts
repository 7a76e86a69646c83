export { inboxExpect } from "./expected.ts";
export { keepReceived } from "./keep-received.ts";
export { type InboxPage, type InboxSelection, viewInbox } from "./view.ts";
