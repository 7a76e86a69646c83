import type { ColumnFacts, Point } from "./column.ts";

/** The heaviest keys of a metric, heaviest first. */
export type TopList = readonly (readonly [key: string, count: number])[];

/** One step of a dashboard, computed once for all who look at it. */
export interface Frame {
  /**
   * The step's number, then column, point, column, point ...: those alone that have changed since the last frame. The step ends at `tick * stepMs`, in milliseconds since 1970.
   * Steps between two frames are a gap: nobody has measured then.
   */
  readonly frame: readonly [tick: number, ...points: readonly Point[]];
  /** Columns that begin here, with the numbers that stand for them from now on. */
  readonly born?: readonly (ColumnFacts & { readonly id: number })[];
  /** Columns whose series is no more. */
  readonly gone?: readonly number[];
  /** Lists that have changed, by metric. */
  readonly tops?: Readonly<Record<string, TopList>>;
  /** So many columns have no place here. */
  readonly left?: number;
}

/** Several steps at once, such as the window from before a restart. */
export interface Block {
  readonly block: {
    /** The last step. */
    readonly tick: number;
    readonly columns: readonly (ColumnFacts & { readonly id: number; readonly points: readonly Point[] })[];
  };
}

/** Says what the window is; before everything else. */
export interface Opening {
  readonly opened: {
    readonly stepMs: number;
    /** Steps in the window. */
    readonly steps: number;
  };
}

export type DashboardEntry = Opening | Frame | Block;
