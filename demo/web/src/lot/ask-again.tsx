import { type KeyboardEvent, useEffect, useId, useRef } from "react";
import { auctionWords } from "../messages/en-auction.ts";
import { toMoney } from "../lots/money.ts";
import type { Question } from "./use-bid-box.ts";

const { ask: words } = auctionWords.box;

interface Props {
  readonly question: Question;
  readonly minimum: number;
  readonly currency: string;
  readonly isHeld: boolean;
  readonly onYes: (question: Question) => void;
  readonly onNo: () => void;
}

/** A question before what can't be undone. The way back has the focus. */
export function AskAgain({ question, minimum, currency, isHeld, onYes, onNo }: Props) {
  const id = useId();
  const no = useRef<HTMLButtonElement>(null);
  useEffect(() => no.current?.focus(), []);
  const sum = "amount" in question ? toMoney(question.amount, currency) : "";
  const [text, yes] = {
    bid: [words.unusual(sum, toMoney(minimum, currency)), words.yes(sum)],
    buyNow: [words.buyNow(sum), words.buy],
    retract: [words.retract, words.take],
  }[question.kind];
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") onNo();
  };
  return (
    <fieldset className="ask-again" aria-labelledby={id}>
      <p id={id}>{text}</p>
      <button type="button" className="button primary" aria-disabled={isHeld} onKeyDown={onKeyDown} onClick={() => isHeld || onYes(question)}>
        {yes}
      </button>
      <button type="button" ref={no} className="button" onKeyDown={onKeyDown} onClick={onNo}>
        {words.no}
      </button>
    </fieldset>
  );
}
