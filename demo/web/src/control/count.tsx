import { toShape } from "./format.ts";

/** A number at the right of a row. Of another width it is another element: set anew, not moved. */
export function Count({ text, className = "count" }: { text: string; className?: string }) {
  return (
    <span key={toShape(text)} className={className}>
      {text}
    </span>
  );
}
