/** What a room of alerts takes and holds. */
export interface AlertLimits {
  /** Alerts that are pending or firing, or of which something counts; more do not begin. */
  readonly alerts: number;
  /** Series of one metric that are remembered. */
  readonly series: number;
  /** Values of one series that are remembered; of more, every other older one goes. */
  readonly samples: number;
  readonly silences: number;
  readonly matchers: number;
  /** Of a matcher's name and value, and of why there is a silence. */
  readonly textCharacters: number;
  /** How far ahead a silence may begin or end. */
  readonly aheadMs: number;
  /** Entries are kept for so long, in steps of days; no longer than 400. */
  readonly keepMs: number;
}

export const defaultAlertLimits: AlertLimits = {
  alerts: 1_000,
  series: 1_000,
  samples: 2_000,
  silences: 100,
  matchers: 20,
  textCharacters: 500,
  aheadMs: 366 * 86_400_000,
  keepMs: 90 * 86_400_000,
};
