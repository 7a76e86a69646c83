import { type Account, heldIn } from "nexios/auction";
import { visitorLimit } from "../../../rooms/visitor-limit.ts";
import { Flash } from "../lots/flash.tsx";
import { toMoney } from "../lots/money.ts";
import { mineWords as words } from "../messages/en-mine.ts";

const usualCurrency = "EUR";

/** What of one's money is held, by currency, and how much more one can bid. */
export function Held({ state }: { readonly state: Account }) {
  const currencies = new Set([usualCurrency, ...state.holds.map(({ currency }) => currency)]);
  return [...currencies].map((currency) => {
    const held = heldIn(state, currency);
    return (
      <dl key={currency} className="held">
        <Sum label={words.held} amount={held} currency={currency} />
        <Sum label={words.free} amount={visitorLimit - held} currency={currency} />
        <Sum label={words.limit} amount={visitorLimit} currency={currency} />
      </dl>
    );
  });
}

function Sum({ label, amount, currency }: { readonly label: string; readonly amount: number; readonly currency: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <Flash text={toMoney(amount, currency)} />
      </dd>
    </div>
  );
}
