import { activityRoom, type ActivityView } from "nexios/activity";
import { useRoom, useRoomState } from "nexios/react";
import { useState } from "react";
import { siteName } from "../../../rooms/site.ts";

const place = { site: siteName };

/** What visitors do; `undefined` before it has come. It stands still while the page is held. */
export function useActivity(isHeld: boolean): ActivityView | undefined {
  const { room } = useRoom(activityRoom, place);
  const newest = useRoomState(room);
  const [held, setHeld] = useState<ActivityView>();
  if (isHeld && held === undefined && newest !== undefined) setHeld(newest);
  if (!isHeld && held !== undefined) setHeld(undefined);
  return (isHeld ? held : undefined) ?? newest;
}
