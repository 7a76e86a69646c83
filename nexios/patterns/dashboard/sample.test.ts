import fc from "fast-check";
import { expect, test } from "vitest";
import type { Point } from "./column.ts";
import { type Sample, toFrame } from "./sample.ts";
import { type Dashboard, emptyDashboard, evolveDashboard, lastOf } from "./state.ts";
import { toEntries } from "./window.ts";
import { WindowKeeper } from "./window-keeper.ts";

const pace = { seconds: 1, steps: 20 };
const opened = evolveDashboard(emptyDashboard, { opened: { stepMs: 1_000, steps: pace.steps } });

function sampleOf(tick: number, points: Readonly<Record<string, Point>>): Sample {
  const columns = Object.entries(points).map(([metric, point]) => ({ metric, labels: {}, stat: "value" as const, point }));
  return { tick, stepMs: 1_000, steps: pace.steps, columns, tops: {} };
}

function add(dashboard: Dashboard, sample: Sample, mostColumns = 10): Dashboard {
  return evolveDashboard(dashboard, toFrame(dashboard, sample, mostColumns));
}

test("a frame says what has changed and nothing else", () => {
  const first = add(opened, sampleOf(1, { a: 1, b: 2, c: null }));

  expect(toFrame(first, sampleOf(2, { a: 1, b: 3, c: null }), 10)).toEqual({ frame: [2, 2, 3] });
  expect(toFrame(first, sampleOf(2, { a: 1, b: 2, c: null }), 10)).toEqual({ frame: [2] });
});

test("columns past their number have no place, and how many these are is said", () => {
  const frame = toFrame(opened, sampleOf(1, { a: 1, b: 2, c: 3 }), 2);

  expect(frame).toMatchObject({ frame: [1, 1, 1, 2, 2], born: [{ metric: "a" }, { metric: "b" }], left: 1 });
  const after = evolveDashboard(opened, frame);
  expect(toFrame(after, sampleOf(2, { a: 1, b: 2 }), 2)).toMatchObject({ left: 0 });
});

const point = fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 3 }), fc.constant<Point>([2, 1, 3]));
const samples = fc.array(fc.record({ ahead: fc.integer({ min: 1, max: 3 }), points: fc.dictionary(fc.constantFrom("a", "b", "c", "d"), point) }), {
  minLength: 1,
  maxLength: 30,
});

function toSamples(steps: readonly { readonly ahead: number; readonly points: Readonly<Record<string, Point>> }[]): readonly Sample[] {
  let tick = 100;
  // Something is always measured.
  return steps.map(({ ahead, points }) => sampleOf((tick += ahead), { ...points, always: 1 }));
}

test("what a viewer folds from frames is what was measured at each step", () => {
  fc.assert(
    fc.property(samples, (steps) => {
      let dashboard = opened;
      for (const sample of toSamples(steps)) {
        dashboard = add(dashboard, sample);
        const shown = new Map(dashboard.columns.map((column) => [column.metric, lastOf(column)]));
        for (const { metric, point: measured } of sample.columns) expect(shown.get(metric) ?? null).toEqual(measured);
        const unmeasured = [...shown].filter(([metric]) => !sample.columns.some((column) => column.metric === metric));
        expect(unmeasured.every(([, value]) => value === null)).toBe(true);
        expect(new Set(dashboard.columns.map(({ values }) => values.length)).size).toBeLessThan(2);
      }
    }),
  );
});

test("a window that was kept in blocks of any size and opened anew is the one that was kept, as far as it reaches", () => {
  fc.assert(
    fc.property(samples, fc.integer({ min: 1, max: 9 }), (steps, size) => {
      const keeper = new WindowKeeper(pace, []);
      const blocks = toSamples(steps).flatMap((sample, at) => {
        keeper.add(sample);
        if (at % size !== size - 1 && at < steps.length - 1) return [];
        const { rest } = keeper;
        keeper.noteKept(keeper.tick);
        return [rest];
      });
      const kept = JSON.parse(JSON.stringify(blocks.filter((block) => block !== undefined)));

      const again = new WindowKeeper(pace, kept);

      const shape = (whole: WindowKeeper["whole"]): unknown =>
        new Map(
          whole?.columns
            .filter(({ points }) => points.some((each) => each !== null))
            .map(({ metric, points }) => [metric, points.slice(-Math.min(10, points.length))]),
        );
      expect([again.tick, shape(again.whole)]).toEqual([keeper.tick, shape(keeper.whole)]);
      expect(toEntries({ nextId: 5 }, kept).every(({ block: { columns } }) => columns.every(({ id }) => id >= 5))).toBe(true);
    }),
  );
});
