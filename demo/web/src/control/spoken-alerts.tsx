import type { ShownAlert } from "nexios/alerts";
import { useEffect, useRef, useState } from "react";
import { control } from "../messages/en-control.ts";
import { alertName } from "./alert-text.ts";

const { alerts: words } = control;

/** Says to those who do not see it what begins to fire and what has ended; what fires when one comes stands on the page. */
export function SpokenAlerts({ alerts, isKnown }: { readonly alerts: readonly ShownAlert[]; readonly isKnown: boolean }) {
  const [spoken, setSpoken] = useState("");
  const firing = useRef<ReadonlyMap<number, string>>(undefined);
  useEffect(() => {
    if (!isKnown) return;
    const before = firing.current;
    firing.current = new Map(alerts.filter(({ phase }) => phase === "firing").map((alert) => [alert.id, alertName(alert)]));
    const said = before === undefined ? "" : toNews(before, firing.current);
    if (said !== "") setSpoken(said);
  }, [alerts, isKnown]);
  return (
    <div className="hidden" aria-live="polite">
      {spoken}
    </div>
  );
}

function toNews(before: ReadonlyMap<number, string>, now: ReadonlyMap<number, string>): string {
  const begun = [...now].filter(([id]) => !before.has(id)).map(([, name]) => name);
  const ended = [...before].filter(([id]) => !now.has(id)).map(([, name]) => name);
  const said = [begun.length > 0 ? words.spokenFiring(begun.join(", ")) : "", ended.length > 0 ? words.spokenResolved(ended.join(", ")) : ""];
  return said.filter((sentence) => sentence !== "").join(" ");
}
