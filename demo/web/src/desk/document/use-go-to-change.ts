import { type RefObject, useEffect, useRef } from "react";
import { bringToFreePart } from "./free-part.ts";
import type { Moment } from "./moments.ts";
import type { Past } from "./use-past.ts";

/** Once for each moment that is chosen, the first passage that was changed comes into sight: not again when others write meanwhile. */
export function useGoToChange({ moment, shown: { value, isPending, problem } }: Past, place: RefObject<HTMLElement | null>): void {
  const last = useRef<Moment>(undefined);
  useEffect(() => {
    if (moment === last.current) return;
    if (moment !== undefined && (isPending || problem !== undefined || value === undefined)) return;
    last.current = moment;
    const change = place.current?.querySelector(".document-mark");
    if (change) bringToFreePart(change);
  }, [moment, value, isPending, problem, place]);
}
