import { quickBids } from "nexios/auction/client";
import type { Amount, Lot, OwnStanding, Terms } from "nexios/auction";
import type { AuctionView } from "nexios/auction/react";
import { type FormEvent, type RefObject, useId, useRef } from "react";
import { auctionWords } from "../messages/en-auction.ts";
import { useLineState } from "../people/line-state.ts";
import { toFieldText, toMoney } from "../lots/money.ts";
import { formatClock } from "../lots/time-text.ts";
import { AskAgain } from "./ask-again.tsx";
import { OtherWays } from "./other-ways.tsx";
import { standingOf } from "./standing-sign.tsx";
import { type BidBoxState, type BoxNote, useBidBox } from "./use-bid-box.ts";

const { box: words } = auctionWords;

interface Props {
  readonly view: AuctionView;
  readonly lot: Lot;
  readonly terms: Terms;
}

/** Where one bids. What can't be done now is said, and does nothing; what is written stays. */
export function BidBox({ view, lot, terms }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const box = useBidBox(view, terms, field);
  const noteId = useId();
  const isCut = useLineState() !== "live";
  const standing = standingOf(view.own, lot);
  const why = whyNot(view, terms, isCut);
  const isHeld = why !== undefined || box.isSending;
  const isTyped = terms.kind !== "dutch";

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (!isHeld) box.submit();
  }

  return (
    <form className="bid-box" onSubmit={onSubmit} noValidate aria-label={words.title}>
      {isTyped && <SumField box={box} field={field} terms={terms} noteId={noteId} />}
      {isTyped && <NextBids box={box} amounts={nextBids(view, lot, standing)} currency={terms.currency} />}
      {box.question === undefined ? (
        <button className="button primary" aria-disabled={isHeld} aria-describedby={noteId}>
          {box.isSending ? words.sending : labelOf(box, view, standing, terms)}
        </button>
      ) : (
        <AskAgain question={box.question} minimum={view.minimum} currency={terms.currency} isHeld={isHeld} onYes={box.confirm} onNo={box.cancel} />
      )}
      <BoxNoteLine
        id={noteId}
        note={noteOf(box, standing)}
        why={why ?? (isCut && box.isSending ? words.why.waits : undefined)}
        hint={words.hints[terms.kind]}
      />
      <OtherWays box={box} view={view} lot={lot} terms={terms} isHeld={isHeld} />
    </form>
  );
}

interface FieldProps {
  readonly box: BidBoxState;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly terms: Terms;
  readonly noteId: string;
}

function SumField({ box, field, terms: { kind, currency }, noteId }: FieldProps) {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{kind === "sealed" ? words.sealed(currency) : words.maximum(currency)}</label>
      <input
        id={id}
        ref={field}
        className="sum-field"
        value={box.text}
        inputMode="decimal"
        autoComplete="off"
        enterKeyHint="send"
        aria-describedby={noteId}
        aria-invalid={box.note?.kind === "problem"}
        onChange={(event) => box.write(event.target.value)}
        // A key that is held would send what the answer has put here.
        onKeyDown={(event) => event.key === "Enter" && event.repeat && event.preventDefault()}
      />
    </>
  );
}

/** The next bids that suggest themselves: they go into the field, and only the button beneath sends. */
function NextBids({ box, amounts, currency }: { readonly box: BidBoxState; readonly amounts: readonly Amount[]; readonly currency: string }) {
  return (
    <fieldset className="next-bids">
      <legend className="hidden">{words.steps}</legend>
      {amounts.map((amount, index) => (
        <button
          // By its place: with a new price the button stays, and says something else.
          // oxlint-disable-next-line react/no-array-index-key
          key={index}
          type="button"
          className="button"
          onClick={() => box.write(toFieldText(amount, currency))}
        >
          <span key={amount}>{toMoney(amount, currency)}</span>
        </button>
      ))}
    </fieldset>
  );
}

interface NoteProps {
  readonly id: string;
  readonly note: BoxNote | undefined;
  readonly why: string | undefined;
  readonly hint: string;
}

function BoxNoteLine({ id, note, why, hint }: NoteProps) {
  const kind = why === undefined ? (note?.kind ?? "hint") : "why";
  return (
    <output id={id} className="box-note" data-kind={kind}>
      {why ?? note?.text ?? hint}
    </output>
  );
}

/** Whoever leads raises from his own maximum, in whole steps too. */
function nextBids({ minimum, own }: AuctionView, lot: Lot, standing: OwnStanding): readonly Amount[] {
  return standing === "leading" && own !== undefined ? quickBids(lot, own.maximum, 4).slice(1) : quickBids(lot, minimum);
}

function labelOf({ sum }: BidBoxState, { minimum }: AuctionView, standing: OwnStanding, { kind, currency }: Terms): string {
  if (kind === "dutch") return words.take(toMoney(minimum, currency));
  if (sum === undefined) return standing === "leading" ? words.emptyRaise : words.empty;
  if (kind === "sealed") return words.seal(sum);
  return standing === "leading" ? words.raise(sum) : words.bid(sum);
}

function noteOf({ note }: BidBoxState, standing: OwnStanding): BoxNote | undefined {
  return note?.standing === undefined || note.standing === standing ? note : undefined;
}

/** Why nobody can bid now; `undefined`: one can. */
function whyNot({ phase, bid }: AuctionView, { opensAt }: Terms, isCut: boolean): string | undefined {
  if (phase === "scheduled") return words.why.scheduled(formatClock(opensAt));
  if (phase === "paused") return words.why.paused;
  if (phase === "closing" && !bid.pending) return words.why.closing;
  return isCut && !bid.pending ? words.why.line : undefined;
}
