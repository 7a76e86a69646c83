import { type ActiveAlert, isActive } from "./alert.ts";
import type { Silence } from "./entry.ts";
import { fitsAll } from "./matcher.ts";
import type { Moment } from "./rule.ts";
import type { AlertsState, RoomAlert } from "./state.ts";

/** An alert as a page shows it. */
export type ShownAlert = RoomAlert &
  ActiveAlert & {
    /** The silence that holds its notices back now, of several the one that ends last. */
    readonly silence?: Silence;
  };

/** The alerts that are pending or firing: firing first, then by rule and labels; and the silences that are not over. */
export function viewAlerts(state: AlertsState, now: Moment): { readonly alerts: readonly ShownAlert[]; readonly silences: readonly Silence[] } {
  const silences = state.silences.filter(({ until }) => until > now);
  const alerts = state.alerts.filter(isShown).map((alert): ShownAlert => {
    const fitting = silences.filter(({ matchers, from }) => from <= now && fitsAll(matchers, alert)).toSorted((one, other) => other.until - one.until);
    const [silence] = fitting;
    return { ...alert, ...(silence !== undefined && { silence }) };
  });
  return { alerts, silences };
}

function isShown(alert: RoomAlert): alert is RoomAlert & ActiveAlert {
  return isActive(alert);
}
