/** A number at the right of a row. With one digit more it is another element: set anew, not moved. */
export function Count({ text, className = "count" }: { text: string; className?: string }) {
  return (
    <span key={text.length} className={className}>
      {text}
    </span>
  );
}
