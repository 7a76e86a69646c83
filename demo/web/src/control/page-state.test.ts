import { expect, test } from "vitest";
import { type PageFacts, toPageState } from "./page-state.ts";

const live: PageFacts = { line: "live", isRefused: false, isHeld: false, stepMs: 1_000, ageMs: 400 };

test.each<[string, Partial<PageFacts>]>([
  ["live", {}],
  ["live", { ageMs: 3_000 }],
  ["stale", { ageMs: 3_001 }],
  ["live", { ageMs: 100_000, stepMs: 60_000 }],
  ["stale", { ageMs: 181_000, stepMs: 60_000 }],
  ["loading", { ageMs: undefined }],
  ["loading", { ageMs: undefined, line: "connecting" }],
  ["disconnected", { line: "reconnecting" }],
  ["disconnected", { line: "offline", ageMs: undefined }],
  ["refused", { line: "refused" }],
  ["paused", { isHeld: true, ageMs: 60_000 }],
  ["disconnected", { isHeld: true, line: "reconnecting" }],
  ["refused", { isRefused: true }],
])("a page is %s with %j", (state, facts) => {
  expect(toPageState({ ...live, ...facts })).toBe(state);
});
