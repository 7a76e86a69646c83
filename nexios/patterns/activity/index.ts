export {
  activityRoom,
  type ActivityRoom,
  type ActivityView,
  type LiveEvent,
  type PeopleCount,
  type Ranked,
  type Rankings,
  trackRoom,
  type TrackRoom,
  type ViewEntry,
} from "./contract.ts";
export type { ActivityBatch, BatchAnswer, NewEvent, PropertyValue, Rejection, RejectionCode, StoredEvent } from "./event.ts";
