import * as fc from "fast-check";
import { expect, test } from "vitest";
import { evolveHealth, healthNews, type HealthView, shownBeats } from "./health.ts";

const nothing: HealthView = { status: "warn", reason: "", probes: [] };

function viewAt(checks: readonly number[], failsFrom = Infinity): HealthView {
  const beats = checks.map((atMs) => ({ atMs, ok: atMs < failsFrom, latencyMs: 1 })).slice(-shownBeats);
  const status = (beats.at(-1)?.ok ?? true) ? "pass" : "fail";
  return { status, reason: "", probes: [{ name: "store", needed: true, status, sinceMs: 0, beats }] };
}

test("whoever is told of each check once has the same health as the server, however many come at once", () => {
  const steps = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 30 });

  const isSame = (counts: readonly number[], failsFrom: number): boolean => {
    let told = nothing;
    let checks: readonly number[] = [];
    for (const count of counts) {
      checks = [...checks, ...Array.from({ length: count }, (_, at) => checks.length + at)];
      told = evolveHealth(told, healthNews(told, viewAt(checks, failsFrom)) ?? nothing);
    }
    return JSON.stringify(told) === JSON.stringify(viewAt(checks, failsFrom));
  };

  expect(() => fc.assert(fc.property(steps, fc.integer({ min: 1, max: 300 }), isSame))).not.toThrow();
});

test("nothing is told while nothing is new", () => {
  const now = viewAt([1, 2]);

  expect(healthNews(now, now)).toBeUndefined();
  expect(healthNews(now, { ...now, reason: "the app is stopping" })).toEqual({ status: "pass", reason: "the app is stopping", probes: [] });
});

test("of a probe the last 60 checks are shown", () => {
  const news = healthNews(nothing, viewAt(Array.from({ length: 60 }, (_, at) => at)));
  const full = evolveHealth(nothing, news ?? nothing);
  const more = evolveHealth(full, healthNews(full, viewAt([100])) ?? nothing);

  expect(more.probes[0]?.beats).toHaveLength(shownBeats);
  expect(more.probes[0]?.beats.at(-1)?.atMs).toBe(100);
});
