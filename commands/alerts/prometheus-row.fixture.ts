/** A rule of the metric `m`, without its name. */
type RowRule = Readonly<Record<string, unknown>>;

/** One thing that Prometheus documents, as a case: values at each evaluation, by series, and the alerts that they make. */
export interface Row {
  readonly title: string;
  /** Where it is said. */
  readonly cite: string;
  /** Ours is another, on purpose: why. */
  readonly differs?: string;
  readonly rule: RowRule | readonly RowRule[];
  /** By labels such as `a=1,b=2`: a value for each evaluation, `_` for none. */
  readonly values: Readonly<Record<string, string>>;
  /** One unless given. */
  readonly everyMinutes?: number;
  readonly restartAt?: readonly number[];
  readonly rulesAt?: readonly (readonly [minute: number, rules: RowRule | readonly RowRule[]])[];
  /** By an alert's labels: `p`ending, `f`iring or `-`. */
  readonly expect: Readonly<Record<string, string>>;
  /** By an alert's labels: since which minute. */
  readonly since?: Readonly<Record<string, string>>;
}
