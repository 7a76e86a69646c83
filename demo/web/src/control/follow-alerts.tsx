import { useRoom, useRoomState } from "nexios/react";
import { useState } from "react";
import { houseName } from "../../../rooms/house.ts";
import { operators } from "../../../rooms/operators.ts";
import { useIdentity } from "../identity/identity-store.ts";
import { control } from "../messages/en-control.ts";

const { alerts: words } = control;
const place = { house: houseName };

/** Has somebody told of alerts in their inbox, wherever they are. */
export function FollowAlerts() {
  const { room } = useRoom(operators, place);
  const people = useRoomState(room);
  const identity = useIdentity();
  const [problem, setProblem] = useState<string>();
  const isTold = identity !== undefined && people?.includes(identity.userId) === true;
  const isKnown = people !== undefined;

  async function toggle(): Promise<void> {
    if (!isKnown) return;
    const outcome = await (isTold ? room.call("leave") : room.call("come")).catch(() => undefined);
    setProblem(outcome?.kind === "accepted" ? undefined : words.failed(outcome?.code ?? "UNAVAILABLE"));
  }

  return (
    <button
      type="button"
      className="button small follow-alerts"
      aria-pressed={isTold}
      aria-disabled={!isKnown}
      title={problem ?? (isTold ? words.followed : words.follow)}
      onClick={() => void toggle()}
    >
      <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
        <path d={isTold ? "M3 8.5 6.5 12 13 4.5" : "M4 11.5h8M5 11.5V7a3 3 0 0 1 6 0v4.5M7 13.5h2M8 4V2.5"} />
      </svg>
      {problem ?? words.follow}
    </button>
  );
}
