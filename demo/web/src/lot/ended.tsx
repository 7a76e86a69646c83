import type { Closed } from "nexios/auction";
import { useState } from "react";
import { auctionWords } from "../messages/en-auction.ts";
import { formatClock } from "../lots/time-text.ts";

const { ended: words } = auctionWords.lot;
const shownDigits = 12;

/** How it ended, and the seal over all that has happened. */
export function Ended({ closed: { ending, at, seal } }: { readonly closed: Closed }) {
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard.writeText(seal).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div className="ended">
      <p>{words[ending](formatClock(at))}</p>
      <p className="seal">
        <span>{words.seal}</span> <code title={seal}>{seal.slice(0, shownDigits)}</code>
        <button type="button" className="button small" onClick={copy}>
          {isCopied ? words.copied : words.copy}
          <span className="hidden"> {words.seal}</span>
        </button>
      </p>
      <p className="note">{words.sealHint}</p>
    </div>
  );
}
