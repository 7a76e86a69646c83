import { createHash } from "node:crypto";
import type { NotificationContent } from "./entry.ts";

const keyCharacters = 12;
const contentCharacters = 6;

/** Of a producer's key. Short, since every device gets it; by chance no two of some thousands are alike. */
export function hashOfKey(producer: string, key: string): string {
  return hashOf([producer, key], keyCharacters);
}

/** Of what a notification says, in whatever order its fields are. It is compared with one other, and so shorter still. */
export function hashOfContent(content: NotificationContent): string {
  return hashOf(sorted(content), contentCharacters);
}

function hashOf(value: unknown, characters: number): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64url").slice(0, characters);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  // A list in an object: no list is the same.
  return {
    fields: Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  };
}
