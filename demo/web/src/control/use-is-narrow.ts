import { useSyncExternalStore } from "react";

const narrow = matchMedia("(max-width: 48rem)");

/** Whether the page stands in one column. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => narrow.matches);
}

function subscribe(listener: () => void): () => void {
  narrow.addEventListener("change", listener);
  return () => narrow.removeEventListener("change", listener);
}
