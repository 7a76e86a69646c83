import { accept, refuse, type Schema, type ServedRoom } from "nexios/contract";
import { activityRoom, type ActivityRoom, trackRoom, type TrackRoom, type ViewEntry } from "./contract.ts";
import type { ActivityView } from "./contract.ts";
import type { Door } from "./door.ts";
import type { ActivityBatch } from "./event.ts";
import type { ActivityLimits } from "./limits.ts";
import type { ActivityOptions } from "./options.ts";
import { findBatchFault } from "./parse-batch.ts";
import { isToldByOther } from "./state.ts";

const serverId = "nexios";

/** The room of those who may see what is going on. */
export function serveActivity(site: string, maySee: NonNullable<ActivityOptions["maySee"]>): ServedRoom<ActivityRoom, ViewEntry, ActivityView> {
  return activityRoom.serve({
    authorize: (user, params) => params.site === site && maySee(user),
    input: { tell: { unchecked: true } },
    idempotent: ["tell"],
    decide: {
      tell(view, entry, { user, receivedAt: at }) {
        if (user.id !== serverId) return refuse("FORBIDDEN");
        const id = entry.teller?.id;
        if (isToldByOther(view, id, at)) return accept([]);
        return accept(id === undefined ? entry : { ...entry, teller: { id, at } });
      },
    },
  });
}

/** The room by which a connection's events come. Any user may be in it. */
export function serveTrack(site: string, door: Door, limits: ActivityLimits): ServedRoom<TrackRoom, { readonly kind: "none" }, null> {
  return trackRoom.serve({
    authorize: (_user, params) => params.site === site,
    input: { track: toSchema((value) => findBatchFault(value, limits)) },
    idempotent: ["track"],
    prepare: { track: (batch: ActivityBatch, { user }) => door.take(batch, user.id === serverId ? undefined : ["user", user.id]) },
    decide: { track: (_nothing, _batch, { prepared }) => accept([], prepared) },
  });
}

/** The door reads the events: what does not fit is told one by one. */
function toSchema(findFault: (value: unknown) => string | undefined): Schema<ActivityBatch> {
  return {
    "~standard": {
      version: 1,
      vendor: "nexios",
      validate(value) {
        const message = findFault(value);
        return message === undefined ? { value: value as ActivityBatch } : { issues: [{ message }] };
      },
    },
  };
}
