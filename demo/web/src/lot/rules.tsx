import type { Terms } from "nexios/auction";
import { auctionWords } from "../messages/en-auction.ts";
import { formatMinute } from "../lots/time-text.ts";
import { formatSpan } from "./span-text.ts";

const { rules: words } = auctionWords.lot;

/** What the terms of a lot mean for a bidder, a sentence each. */
export function Rules({ terms }: { readonly terms: Terms }) {
  return (
    <details className="rules">
      <summary>{words.title}</summary>
      <ul>
        {toRules(terms).map((rule) => (
          <li key={rule}>{rule}</li>
        ))}
      </ul>
    </details>
  );
}

/** The sentences. Pure. */
function toRules(terms: Terms): readonly string[] {
  const opens = formatMinute(terms.opensAt);
  const times = terms.kind === "live" ? words.opens(opens) : words.times(opens, formatMinute(terms.closesAt));
  return [gameOf(terms), ...extrasOf(terms), times];
}

function gameOf(terms: Terms): string {
  switch (terms.kind) {
    case "sealed":
      return words.sealed[terms.pays];
    default:
      return words[terms.kind];
  }
}

function extrasOf(terms: Terms): readonly string[] {
  const extension = terms.kind === "english" ? terms.extension : undefined;
  const retraction = terms.kind === "english" || terms.kind === "live" ? terms.retraction : undefined;
  return [
    ...(extension === undefined ? [] : [words.extension(formatSpan(extension.windowMs), formatSpan(extension.byMs))]),
    ...(retraction === undefined ? [] : [words.retract(formatSpan(retraction.allUntilMs), formatSpan(retraction.newestForMs))]),
  ];
}
