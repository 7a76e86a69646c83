/** How far back the page looks, and how often its numbers change: the server has these paces. */
export interface ShownWindow {
  readonly key: WindowKey;
  /** The pace. */
  readonly seconds: number;
  /** Of the pace's window so many steps are shown. */
  readonly steps: number;
}

export type WindowKey = "1m" | "5m" | "15m" | "1h" | "1d";

export const shownWindows: readonly ShownWindow[] = [
  { key: "1m", seconds: 1, steps: 60 },
  { key: "5m", seconds: 1, steps: 300 },
  { key: "15m", seconds: 5, steps: 180 },
  { key: "1h", seconds: 15, steps: 240 },
  { key: "1d", seconds: 60, steps: 1_440 },
];

export const firstWindow: ShownWindow = { key: "5m", seconds: 1, steps: 300 };

/** @returns `firstWindow` for a key that none has */
export function windowOf(key: string): ShownWindow {
  return shownWindows.find((one) => one.key === key) ?? firstWindow;
}
