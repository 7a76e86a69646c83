import { keyOf } from "./column.ts";
import type { Block } from "./frame.ts";
import type { Dashboard } from "./state.ts";

/** How long a window is, in which steps, and what is known of it from before. */
export interface Window {
  readonly stepMs: number;
  readonly steps: number;
  /** Oldest first. */
  readonly blocks: readonly StoredBlock[];
}

/** Some steps of a window as they are kept: by names, since numbers are of one log alone. */
export interface StoredBlock {
  /** The last of its steps. */
  readonly tick: number;
  readonly columns: readonly Omit<Block["block"]["columns"][number], "id">[];
}

/** Blocks as entries of a log, whose next column has the dashboard's next number; columns past `mostColumns` have no place. Pure. */
export function toEntries({ nextId }: Pick<Dashboard, "nextId">, blocks: readonly StoredBlock[], mostColumns = Infinity): readonly Block[] {
  const ids = new Map<string, number>();
  const idOf = (key: string): number | undefined => {
    if (!ids.has(key) && ids.size < mostColumns) ids.set(key, nextId + ids.size);
    return ids.get(key);
  };
  return blocks.map(({ tick, columns }) => ({
    block: {
      tick,
      columns: columns.flatMap((column) => {
        const id = idOf(keyOf(column));
        return id === undefined ? [] : [{ id, ...column }];
      }),
    },
  }));
}
