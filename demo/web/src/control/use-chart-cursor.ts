import { type ChangeEvent, type KeyboardEvent, type PointerEvent, useState } from "react";
import { toIndex, toIndexOfSecond } from "./chart-cursor.ts";

interface Span {
  readonly count: number;
  readonly slots: number;
  readonly newestAt: number;
}

/** Under a pointer the cursor keeps its place and the time goes by; by keys it keeps its second, or a reader would be talked to without end. */
type Cursor = { readonly kind: "place"; readonly ratio: number } | { readonly kind: "second"; readonly at: number };

const forwardKeys = new Set(["End", "ArrowRight", "ArrowUp", "PageUp"]);

export function useChartCursor({ count, slots, newestAt }: Span) {
  const [cursor, setCursor] = useState<Cursor>();
  const index =
    cursor === undefined || count === 0
      ? undefined
      : cursor.kind === "place"
        ? toIndex(cursor.ratio, count, slots)
        : toIndexOfSecond(cursor.at, newestAt, count);
  const select = (next: number) => setCursor({ kind: "second", at: newestAt - (count - 1 - next) * 1_000 });

  return {
    index,
    handlers: {
      onPointerMove: ({ clientX, currentTarget }: PointerEvent<HTMLElement>) => {
        const { left, width } = currentTarget.getBoundingClientRect();
        setCursor({ kind: "place", ratio: (clientX - left) / width });
      },
      onPointerLeave: () => setCursor(undefined),
      onBlur: () => setCursor(undefined),
      onChange: ({ target }: ChangeEvent<HTMLInputElement>) => select(Number(target.value)),
      onKeyDown: ({ key }: KeyboardEvent) => {
        if (key === "Escape") setCursor(undefined);
        // A range that stands at its end does not tell of a key that leads there.
        if (index === undefined && forwardKeys.has(key)) select(count - 1);
      },
    },
  };
}
