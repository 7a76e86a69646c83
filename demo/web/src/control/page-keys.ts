import type { WindowKey } from "./shown-window.ts";

/** What a key does to the page. */
export type KeyDeed =
  | { readonly kind: "pause" | "alerts" | "filter" | "help" | "leave" }
  | { readonly kind: "window"; readonly window: WindowKey }
  | { readonly kind: "cursor"; readonly steps: number };

/** A key that was pressed, with the one before it if that was only just. */
export interface Pressed {
  readonly key: string;
  readonly before: string | undefined;
}

const deeds: Readonly<Record<string, KeyDeed>> = {
  p: { kind: "pause" },
  a: { kind: "alerts" },
  "/": { kind: "filter" },
  "?": { kind: "help" },
  Escape: { kind: "leave" },
  "1": { kind: "window", window: "1m" },
  "5": { kind: "window", window: "5m" },
  h: { kind: "window", window: "1h" },
  d: { kind: "window", window: "1d" },
  ArrowLeft: { kind: "cursor", steps: -1 },
  ArrowRight: { kind: "cursor", steps: 1 },
  Home: { kind: "cursor", steps: -Infinity },
  End: { kind: "cursor", steps: Infinity },
};

/** Pure. A 5 right behind a 1 is fifteen. */
export function toDeed({ key, before }: Pressed): KeyDeed | undefined {
  if (key === "5" && before === "1") return { kind: "window", window: "15m" };
  return Object.hasOwn(deeds, key) ? deeds[key] : undefined;
}

/** Keys of one character alone: those can be switched off, since whoever speaks to the computer may say them. Pure. */
export function isSingle({ kind }: KeyDeed): boolean {
  return kind !== "cursor" && kind !== "leave";
}
