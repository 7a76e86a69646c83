import { en } from "../messages/en.ts";

/** Who the person of this tab is. The colour never leaves the browser. */
export interface Identity {
  readonly userId: string;
  readonly name: string;
  readonly hue: Hue;
  readonly token: string;
  /** In this browser's time, milliseconds. */
  readonly expiresAt: number;
}

export type Hue = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;
export const hues: readonly Hue[] = [0, 1, 2, 3, 4, 5, 6, 7];
export const nameLimit = 40;

/** A name that fits a colour: "Amber Heron". `random`: from 0 up to 1. */
export function suggestName(hue: Hue, random: number): string {
  return `${en.hues[hue]} ${en.animals[Math.floor(random * en.animals.length)] ?? ""}`;
}

/** `undefined` if nothing is left once invisible characters and space at the ends are gone. */
export function toName(input: string): string | undefined {
  const name = input.replace(/[\p{C}\s]+/gu, " ").trim();
  return name === "" ? undefined : Array.from(name).slice(0, nameLimit).join("");
}

/** At most two letters, for the coloured mark beside a name: of its words, without what stands in brackets. */
export function toInitials(name: string): string {
  const letters = name.replaceAll(/\(.*?\)/g, " ").match(/(?<![\p{L}\p{N}\p{M}'’])[\p{L}\p{N}]/gu);
  return (letters?.slice(0, 2).join("") ?? Array.from(name.trim())[0] ?? "").toUpperCase();
}

/** Reads what `JSON.stringify` of an identity wrote; `undefined` for anything else. */
export function parseIdentity(text: string | null): Identity | undefined {
  if (text === null) return undefined;
  try {
    const value = JSON.parse(text) as Partial<Record<keyof Identity, unknown>> | null;
    const { userId, name, hue, token, expiresAt } = value ?? {};
    if (typeof userId !== "string" || typeof name !== "string" || typeof token !== "string") return undefined;
    if (typeof expiresAt !== "number" || !hues.includes(hue as Hue)) return undefined;
    return { userId, name, hue: hue as Hue, token, expiresAt };
  } catch {
    return undefined;
  }
}
