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

test("of several processes each has its own checks, and the whole is as well as the worst of them", () => {
  const tell = (view: HealthView, id: string, now: HealthView, atMs: number): HealthView => {
    const news = healthNews(view, now, id);
    return news === undefined ? view : evolveHealth(view, { ...news, process: { id, atMs } });
  };
  const both = tell(tell(nothing, "a", viewAt([1]), 1_000), "b", { ...viewAt([1, 2], 2), status: "fail", reason: "the store" }, 1_000);
  const healed = tell(both, "b", viewAt([1, 2, 3]), 2_000);

  expect([both.status, both.reason]).toEqual(["fail", "the store"]);
  expect(both.probes.map(({ process, beats }) => [process, beats.length])).toEqual([
    ["a", 1],
    ["b", 2],
  ]);
  expect(healed.status).toBe("pass");
  expect(healthNews(healed, viewAt([1]), "a")).toBeUndefined();
});

test("a process that ends, or is not heard for 20 s, is shown no more", () => {
  const news = (id: string, atMs: number) => ({ ...viewAt([atMs]), process: { id, atMs } });
  const three = ["a", "b", "c"].reduce((view, id) => evolveHealth(view, news(id, 0)), nothing);

  const two = evolveHealth(three, { ...news("c", 1), process: { id: "c", atMs: 1, isGone: true } });
  const one = evolveHealth(two, news("b", 20_000));

  expect(two.processes?.map(({ id }) => id)).toEqual(["a", "b"]);
  expect([one.processes?.map(({ id }) => id), one.probes.map(({ process }) => process)]).toEqual([["b"], ["b"]]);
});
