import { control as words } from "../messages/en-control.ts";
import { toPath } from "./spark-path.ts";

interface Props {
  readonly title: string;
  readonly values: readonly (number | null)[];
  readonly slots: number;
  readonly write: (value: number) => string;
}

/** A small line without a scale: it says how a number went, not how much it was. */
export function Sparkline({ title, values, slots, write }: Props) {
  const there = values.filter((value) => value !== null);
  if (there.length === 0) return <div className="sparkline" />;
  const [low, high] = [Math.min(...there), Math.max(...there)];
  return (
    <svg className="sparkline" viewBox="0 -2 300 36" preserveAspectRatio="none" role="img" aria-label={words.trend(title, write(low), write(high))}>
      <path d={toPath(values, { slots, width: 300, height: 32 })} />
    </svg>
  );
}
