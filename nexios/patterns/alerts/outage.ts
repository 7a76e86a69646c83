import { type Alert, type AlertEntry, isActive } from "./alert.ts";
import type { Alerts } from "./evaluate-rules.ts";
import type { Moment } from "./rule.ts";

/** How long nobody may have looked. */
export interface OutageRules {
  /** A gap up to this counts as time in which a pending alert's condition was met. */
  readonly gapMs: number;
  /** A longer gap does not count, and after one longer than this what is pending begins anew. */
  readonly toleranceMs: number;
}

export const defaultOutageRules: OutageRules = { gapMs: 300_000, toleranceMs: 3_600_000 };

/** What becomes of pending alerts when nobody has evaluated them since `lastAt`. What fires goes on firing. */
export function afterOutage(alerts: Alerts, lastAt: Moment, now: Moment, { gapMs, toleranceMs }: OutageRules): readonly AlertEntry[] {
  const gap = now - lastAt;
  if (gap <= gapMs) return [];
  const pending = [...alerts.values()].filter(isActive).filter(({ phase }) => phase === "pending");
  return pending.map((alert) => ({ kind: "noted", at: now, alert: { ...alert, since: sinceAfter(alert, gap <= toleranceMs ? alert.since + gap : now, now) } }));
}

function sinceAfter({ since }: Alert, shifted: Moment, now: Moment): Moment {
  return Math.min(now, Math.max(since, shifted));
}
