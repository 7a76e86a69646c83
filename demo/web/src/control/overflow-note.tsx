import type { Dashboard } from "nexios/dashboard";
import { control as words } from "../messages/en-control.ts";
import { formatCount } from "./format.ts";

/** Warns that some series have found no place: what is shown of them is only their sum, or nothing. */
export function OverflowNote({ dashboard }: { readonly dashboard: Dashboard | undefined }) {
  const metrics = overflowing(dashboard);
  const left = dashboard?.left ?? 0;
  if (metrics.length === 0 && left === 0) return null;
  return (
    <output className="overflow-note">
      <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
        <path d="M8 2 15 14H1zM8 6.5v3.5M8 12h0" />
      </svg>
      <span>
        {metrics.length > 0 && words.overflow(metrics.join(", "))} {left > 0 && words.left(formatCount(left))}
      </span>
    </output>
  );
}

/** Metrics of which some series are shown as one. Pure. */
function overflowing(dashboard: Dashboard | undefined): readonly string[] {
  const of = (dashboard?.columns ?? []).filter(({ labels, goneAt }) => labels["overflow"] === "true" && goneAt === undefined);
  return [...new Set(of.map(({ metric }) => metric))];
}
