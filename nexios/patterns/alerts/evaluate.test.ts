import { expect, test } from "vitest";
import type { Alert, AlertEntry } from "./alert.ts";
import { evaluate, type Observation } from "./evaluate.ts";
import { parseRules } from "./parse-rules.ts";
import type { AlertRule } from "./rule.ts";

const [above] = parseRules([{ name: "R", metric: "m", when: { above: 10 }, keepFiringMs: 100 }]) as [AlertRule];
const [below] = parseRules([{ name: "R", metric: "m", when: { below: 10 }, clear: 20 }]) as [AlertRule];

function play(rule: AlertRule, observations: readonly (number | "none" | "error")[]): { readonly kinds: string; readonly alert: Alert | undefined } {
  let alert: Alert | undefined;
  const kinds = observations.map((observed, now) => {
    const observation: Observation = typeof observed === "number" ? { kind: "value", value: observed } : { kind: observed };
    const evaluation = evaluate(rule, { host: "a" }, alert, observation, now);
    alert = evaluation.alert;
    return evaluation.entries.map(({ kind }: AlertEntry) => kind).join("+") || "-";
  });
  return { kinds: kinds.join(" "), alert };
}

test("what is as it was is no entry", () => {
  expect(play(above, [5, 11, 11, 12, 12]).kinds).toBe("- firing - noted -");
});

test("an error keeps an alert as it is, whatever is done without values, and says since when nothing is known", () => {
  const { kinds, alert } = play({ ...above, onNone: "resolve", keepFiringMs: 0 }, [11, "error", "error", "none"]);

  expect(kinds).toBe("firing noted - resolved");
  expect(alert).toBeUndefined();
  expect(play(above, [11, "error", "error"]).alert).toMatchObject({ phase: "firing", noDataSince: 1 });
  expect(play(above, [11, "none", 12]).alert).not.toHaveProperty("noDataSince");
});

test("an error begins nothing", () => {
  expect(play(above, ["error", "none"])).toEqual({ kinds: "- -", alert: undefined });
});

test("what is kept firing and meets its condition again is fired anew only by what is worse than all before", () => {
  expect(play(above, [15, 5, 14, 5, 16]).kinds).toBe("firing noted noted noted refired");
  expect(play({ ...below, keepFiringMs: 100 }, [5, 25, 6, 25, 4]).kinds).toBe("firing noted noted noted refired");
});

test("a threshold from below is cleared at and above `clear`", () => {
  expect(play(below, [9, 19, 20]).kinds).toBe("firing noted resolved");
});

test("of what is inactive nothing is known but the hits that count", () => {
  const rule = { ...above, within: { times: 2, of: 3 } };

  expect(play(rule, [5, 5]).alert).toBeUndefined();
  expect(play(rule, [5, 11]).alert).toMatchObject({ phase: "inactive", hits: [1] });
  expect(play(rule, [11, 5, 5, 5])).toEqual({ kinds: "noted noted noted noted", alert: undefined });
});
