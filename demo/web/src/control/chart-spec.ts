import type { Stat } from "nexios/dashboard";
import type { UnitKind } from "./units.ts";

/** Which columns are lines of a chart. */
export interface LineSpec {
  readonly metric: string;
  readonly stat: Stat;
  /** Those of these labels alone. */
  readonly labels?: Readonly<Record<string, string>>;
  /** What the line is called; a label's value where `by` names it. */
  readonly name?: string;
  readonly by?: string;
}

/** What a chart shows. */
export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  readonly unit: UnitKind;
  readonly lines: readonly LineSpec[];
  /** So many lines it has place for below; as many as are told apart unless given. */
  readonly expected?: number;
  /** A bound that an alert watches: it is drawn. */
  readonly limit?: number;
  /** What fills it, where nothing is measured yet. */
  readonly code: string;
}
