import { useId } from "react";
import { auctionWords } from "../messages/en-auction.ts";
import { filters, type LotFilter } from "./use-lot-filter.ts";

const { lots: words } = auctionWords;

interface Props {
  readonly filter: LotFilter;
  readonly counts: Readonly<Record<LotFilter, number>>;
  readonly onChoose: (filter: LotFilter) => void;
}

/** Which lots are listed, and how many there are of each. */
export function FilterSwitch({ filter, counts, onChoose }: Props) {
  const group = useId();
  return (
    <fieldset className="segments lots-filter">
      <legend className="hidden">{words.filter}</legend>
      <div>
        {filters.map((one) => (
          <label key={one}>
            <input type="radio" name={group} checked={one === filter} onChange={() => onChoose(one)} />
            <span key={counts[one]}>{words.filters[one](counts[one])}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
