import type { Lot, Terms } from "nexios/auction";
import type { AuctionView } from "nexios/auction/react";
import { useState } from "react";
import { toMoney } from "../lots/money.ts";
import { formatClock } from "../lots/time-text.ts";
import { rostrumWords } from "../messages/en-rostrum.ts";
import { useLineState } from "../people/line-state.ts";
import { DeskButton } from "./desk-button.tsx";
import { LiveControls } from "./live-controls.tsx";
import { useDesk } from "./use-desk.ts";

const { desk: words } = rostrumWords;

interface Props {
  readonly view: AuctionView;
  readonly lot: Lot;
  readonly terms: Terms;
}

/** What the auctioneer can say: a live lot is called, any other can be withdrawn. */
export function DeskControls({ view, lot, terms }: Props) {
  const { isBusy, problem, run } = useDesk(view.room, terms.currency);
  const isCut = useLineState() !== "live";
  if (lot.closed !== undefined) return null;
  const isLive = terms.kind === "live";
  const why = isCut ? words.why.line : isLive ? whyNot(view, lot, terms) : undefined;
  const hint = isLive ? words.why.calls : words.why.runs;
  return (
    <div className="desk-controls">
      {isLive && <LiveControls lot={lot} terms={terms} isHeld={isBusy || why !== undefined} run={run} />}
      <output className="box-note" data-kind={problem !== undefined ? "problem" : why === undefined ? "hint" : "why"}>
        {problem ?? why ?? hint}
      </output>
      <div className="desk-row">
        {isLive && (
          <DeskButton
            label={lot.isPaused ? words.resume : words.pause}
            isHeld={isBusy || isCut || view.phase === "scheduled"}
            onPress={() => run({ name: lot.isPaused ? "resume" : "pause" })}
          />
        )}
        <Pass label={isLive ? words.pass : words.withdraw} isHeld={isBusy || isCut} onPass={() => run({ name: "pass" })} />
      </div>
      <Heard lot={lot} currency={terms.currency} />
    </div>
  );
}

/** Asked for twice: there is no way back. */
function Pass({ label, isHeld, onPass }: { readonly label: string; readonly isHeld: boolean; readonly onPass: () => void }) {
  const [isAsked, setAsked] = useState(false);
  if (!isAsked) return <DeskButton label={label} isHeld={isHeld} onPress={() => setAsked(true)} />;
  return (
    <fieldset className="ask-again" aria-label={label}>
      <p>{words.sure.pass}</p>
      <DeskButton label={`${words.sure.yes}: ${label}`} isHeld={isHeld} onPress={onPass} />
      {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- The way back stands where the button was that had the focus. */}
      <button type="button" className="button" autoFocus onClick={() => setAsked(false)}>
        {words.sure.no}
      </button>
    </fieldset>
  );
}

/** Tells an auctioneer who does not look at the page who has bid. */
function Heard({ lot: { newest }, currency }: { readonly lot: Lot; readonly currency: string }) {
  const [first] = useState(newest[0]);
  const [bid] = newest;
  return (
    <output className="hidden">{bid === undefined || bid === first || bid.isRetraction ? "" : words.heard(bid.paddle, toMoney(bid.price, currency))}</output>
  );
}

function whyNot({ phase }: AuctionView, { isPaused }: Lot, { opensAt }: Terms): string | undefined {
  if (isPaused) return words.why.paused;
  return phase === "scheduled" ? words.why.scheduled(formatClock(opensAt)) : undefined;
}
