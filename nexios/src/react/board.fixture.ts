import { accept, refuse } from "../contract/decision.ts";
import { defineRoom } from "../contract/define-room.ts";
import { type } from "../contract/type.ts";

export type BoardEntry = { readonly kind: "added"; readonly line: string } | { readonly kind: "cleared" };
export interface Board {
  readonly lines: readonly string[];
  readonly clears: number;
}

const most = 200;

/** Lines that members add, several at once. */
export const board = defineRoom("board/{boardId}", {
  log: "volatile",
  entry: type<BoardEntry>(),
  state: type<Board>(),
  calls: {
    add: { input: type<readonly string[]>(), result: type<number>(), refusals: { FULL: type<{ most: number }>() } },
    clear: {},
  },
  presence: type<{ x: number }>(),
  signals: { wave: type<{ to: string }>(), nod: type<{ to: string }>() },
}).fold({ lines: [], clears: 0 }, ({ lines, clears }, entry) =>
  entry.kind === "added" ? { lines: [...lines, entry.line], clears } : { lines: [], clears: clears + 1 },
);

export const boards = board.serve({
  authorize: (_user, { boardId }) => boardId !== "locked",
  input: { add: { unchecked: true } },
  presence: { unchecked: true },
  signals: { wave: { unchecked: true }, nod: { unchecked: true } },
  decide: {
    add({ lines }, added) {
      if (lines.length + added.length > most) return refuse("FULL", { most });
      return accept(
        added.map((line) => ({ kind: "added", line })),
        lines.length + added.length,
      );
    },
    clear: () => accept({ kind: "cleared" }),
  },
});

/** Four pixels that are painted in place. */
export const canvas = defineRoom("canvas/{canvasId}", {
  log: "volatile",
  entry: type<{ readonly at: number; readonly color: number }>(),
  state: type<number[]>(),
  calls: { paint: { input: type<{ readonly at: number; readonly color: number }>() } },
}).fold(
  () => [0, 0, 0, 0],
  (pixels, { at, color }) => {
    pixels[at] = color;
    return pixels;
  },
);

export const canvases = canvas.serve({
  authorize: () => true,
  input: { paint: { unchecked: true } },
  decide: { paint: (_pixels, entry) => accept(entry) },
});
