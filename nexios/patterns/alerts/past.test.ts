import { expect, test } from "vitest";
import { measure } from "./measure.ts";
import { Past } from "./past.ts";

test("of too many samples every other older one goes, and a window keeps its ends", () => {
  const past = new Past({ series: 1, samples: 100 });
  for (let at = 0; at <= 1_000; at++) past.add("m", {}, [at, at * 2]);

  const samples = past.of("m")[0]?.samples ?? [];
  expect(samples.length).toBeLessThanOrEqual(100);
  expect([samples[0], samples.at(-1)]).toEqual([
    [0, 0],
    [1_000, 2_000],
  ]);
  expect(measure({ rateAbove: 0, overMs: 1_000 }, samples, 1_000)).toEqual({ kind: "value", value: 2_000 });
});

test("of too many series the first stay", () => {
  const past = new Past({ series: 2, samples: 10 });

  expect(["a", "b", "c", "a"].map((host, at) => past.add("m", { host }, [at, 1]))).toEqual([true, true, false, true]);
  expect(past.of("m").map(({ labels }) => labels["host"])).toEqual(["a", "b"]);
});

test("what nobody looks at any more is forgotten, and makes room", () => {
  const past = new Past({ series: 1, samples: 10 });
  past.add("m", { host: "a" }, [0, 1]);
  past.add("m", { host: "a" }, [10, 1]);

  past.forget(5);
  expect(past.of("m")[0]?.samples).toEqual([[10, 1]]);
  past.forget(11);
  expect(past.of("m")).toEqual([]);
  expect(past.add("m", { host: "b" }, [12, 1])).toBe(true);
});
