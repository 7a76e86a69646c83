import type { RoomOptions } from "nexios/client";
import { toChange } from "./changes.ts";
import type { InboxRoom } from "./contract.ts";

/** What calls are expected to append, so that a page shows them at once: `client.join(inboxRoom, { userId }, { expect: inboxExpect })`. */
export const inboxExpect: NonNullable<RoomOptions<InboxRoom>["expect"]> = {
  seen: (state, input) => toChange(state, { kind: "seen", ...input }),
  readAll: (state, input) => toChange(state, { kind: "readAll", ...input }),
  read: (state, { ids }) => toChange(state, { kind: "read", ids }),
  unread: (state, { ids }) => toChange(state, { kind: "unread", ids }),
  archive: (state, { ids }) => toChange(state, { kind: "archived", ids }),
  unarchive: (state, { ids }) => toChange(state, { kind: "unarchived", ids }),
  snooze: (state, { ids, until }) => toChange(state, { kind: "snoozed", ids, until }),
  // The server will say when it was; nothing of what is expected depends on it.
  mute: (_state, { thread, until }) => ({ kind: "muted", thread, until, at: 0 }),
  prefer: (_state, preference) => ({ kind: "preferred", ...preference }),
  quiet: (_state, { hours }) => ({ kind: "quiet", hours }),
  removeEndpoint: (_state, { id }) => ({ kind: "endpointRemoved", id }),
};
