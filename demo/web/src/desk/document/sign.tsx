import type { DocumentStatus } from "nexios/collab/client";

const paths = {
  opening: "M8 2.5v3M8 10.5v3M2.5 8h3M10.5 8h3",
  saved: "M3 8.5 6.5 12 13 4.5",
  saving: "M8 13V4M4.5 7.5 8 4l3.5 3.5",
  offline: "M8 2a6 6 0 1 1 0 12A6 6 0 1 1 8 2M3.8 3.8l8.4 8.4",
  "read-only": "M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
  refused: "M8 2.5 14 13.5H2zM8 6.5v3.2M8 11.6h0",
  failed: "M8 2a6 6 0 1 1 0 12A6 6 0 1 1 8 2M8 5v3.4M8 11h0",
  undo: "M6 3.5 3 6.5l3 3M3 6.5h6a3.5 3.5 0 0 1 0 7H6",
  redo: "M10 3.5l3 3-3 3M13 6.5H7a3.5 3.5 0 0 0 0 7h3",
  history: "M3 8a5 5 0 1 0 1.6-3.7M3 3v2.5h2.5M8 5.5V8l2 1.5",
  authors: "M8 2.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 1 1 0-5M3 13.5c.5-2.7 2.4-4 5-4s4.5 1.3 5 4",
  close: "M4 4l8 8M12 4l-8 8",
  unfold: "M3.5 10 8 5.5l4.5 4.5",
  fold: "M3.5 6 8 10.5 12.5 6",
} satisfies Record<DocumentStatus["kind"] | "undo" | "redo" | "history" | "authors" | "close" | "unfold" | "fold", string>;

/** A sign beside a word, for the eye alone. */
export function Sign({ of }: { readonly of: keyof typeof paths }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[of]} />
    </svg>
  );
}
