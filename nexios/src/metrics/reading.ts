/** Names and values that tell one series of a metric from another. */
export type Labels = Readonly<Record<string, string>>;

/** What a metric is measured in; it becomes the end of its name where metrics are exported. */
export type Unit = "seconds" | "bytes" | "ratio";

/** How a gauge's values of several processes become one: memory is added, of how full disks are the largest counts. Never an average: a full and an empty disk are not two half full ones. */
export type GaugeMerge = "sum" | "max" | "min";

interface Family<Kind extends string, Value> {
  readonly kind: Kind;
  /** Without `_total` and without the unit. */
  readonly name: string;
  readonly help?: string;
  readonly unit?: Unit;
  readonly series: readonly { readonly labels: Labels; readonly value: Value }[];
}

/** Base-2 buckets and exact counts at declared bounds; everything since the process began. */
export interface HistogramReading {
  readonly count: number;
  readonly sum: number;
  /** Absent while nothing was recorded. */
  readonly min?: number;
  readonly max?: number;
  /** Values of 0 or less. */
  readonly zeros: number;
  /** Bucket numbers and their counts, ascending, those with a count only. */
  readonly buckets: readonly (readonly [index: number, count: number])[];
  /** For each bound of the family, how many values were at most so large. */
  readonly atMost: readonly number[];
}

/** Distinct members of a set: their hashes while they are few, else the registers of a HyperLogLog, of 6 bits each, in base64. */
export type UniqueReading = { readonly hashes: readonly number[] } | { readonly registers: string };

/** The heaviest keys with their counts, and by how much a count may be too high; heaviest first. */
export interface TopReading {
  readonly keys: readonly (readonly [key: string, count: number, error: number])[];
  /** What a key that is not listed has at most: 0 when all are. */
  readonly others: number;
}

export type FamilyReading =
  | Family<"counter", number>
  | (Family<"gauge", number> & { readonly merge: GaugeMerge })
  | (Family<"histogram", HistogramReading> & { readonly bounds: readonly number[] })
  | Family<"unique", UniqueReading>
  | (Family<"top", TopReading> & { readonly size: number });

/** What a registry holds at a moment, as plain data: it can be sent to another process, be merged with others' and be written out. Counters only grow while their process lives. */
export interface MetricsReading {
  readonly families: readonly FamilyReading[];
}
