import { quickBids } from "nexios/auction/client";
import type { Lot, Terms } from "nexios/auction";
import { type FormEvent, useId, useState } from "react";
import { readMoney, toFieldText, toMoney } from "../lots/money.ts";
import { rostrumWords } from "../messages/en-rostrum.ts";
import { DeskButton } from "./desk-button.tsx";
import type { DeskAct } from "./use-desk.ts";

const { desk: words, faults } = rostrumWords;

interface LiveProps {
  readonly lot: Lot;
  readonly terms: Terms;
  readonly isHeld: boolean;
  readonly run: (act: DeskAct) => void;
}

/** How a live lot is called: ask, floor bids, once, twice, sold. */
export function LiveControls({ lot, terms: { currency }, isHeld, run }: LiveProps) {
  const { stage, bids, price, minimum } = lot;
  const hasBid = lot.leader !== 0;
  return (
    <>
      <AskField lot={lot} currency={currency} isHeld={isHeld} onAsk={(amount) => run({ name: "ask", amount })} />
      <DeskButton label={words.floor(toMoney(minimum, currency))} isHeld={isHeld} onPress={() => run({ name: "floor", amount: minimum })} />
      <div className="desk-row">
        <DeskButton
          label={words.once}
          isHeld={isHeld || stage !== "asking"}
          isPressed={stage === "once"}
          onPress={() => run({ name: "going", stage: "once" })}
        />
        <DeskButton
          label={words.twice}
          isHeld={isHeld || stage !== "once"}
          isPressed={stage === "twice"}
          onPress={() => run({ name: "going", stage: "twice" })}
        />
      </div>
      <button
        type="button"
        className="button primary"
        aria-disabled={isHeld || stage !== "twice" || !hasBid}
        // Sold as it is seen: with a bid more than this the house refuses.
        onClick={() => isHeld || stage !== "twice" || !hasBid || run({ name: "hammer", bids })}
      >
        {hasBid ? words.hammer(toMoney(price, currency)) : words.nothing}
      </button>
    </>
  );
}

function AskField({
  lot,
  currency,
  isHeld,
  onAsk,
}: {
  readonly lot: Lot;
  readonly currency: string;
  readonly isHeld: boolean;
  readonly onAsk: (amount: number) => void;
}) {
  const id = useId();
  const [text, setText] = useState("");
  const [fault, setFault] = useState<string>();
  function submit(event: FormEvent): void {
    event.preventDefault();
    const amount = readMoney(text, currency);
    setFault(amount === undefined ? faults.sum(toFieldText(lot.minimum, currency)) : undefined);
    if (amount === undefined || isHeld) return;
    setText("");
    onAsk(amount);
  }
  return (
    <form className="ask-field" onSubmit={submit} noValidate>
      <label htmlFor={id}>{words.ask}</label>
      <input
        id={id}
        className="sum-field"
        value={text}
        inputMode="decimal"
        autoComplete="off"
        aria-invalid={fault !== undefined}
        placeholder={toFieldText(quickBids(lot, lot.minimum, 2)[1] ?? lot.minimum, currency)}
        onChange={(event) => setText(event.target.value)}
      />
      <button className="button" aria-disabled={isHeld}>
        {words.asks}
      </button>
      {fault !== undefined && (
        <p className="note problem" role="alert">
          {fault}
        </p>
      )}
    </form>
  );
}
