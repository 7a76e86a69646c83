import { expect, test } from "vitest";
import { readPrometheusRules } from "./prometheus-rules.ts";

function read(expr: string) {
  return readPrometheusRules({ groups: [{ name: "g", rules: [{ alert: "A", expr }] }] });
}

test("a label that is matched twice is refused: there no series could have both values", () => {
  expect(() => read('m{a="1",a="2"} > 1')).toThrow("groups[0].rules[0].expr: the label a is matched twice");
});

test("the metric's name is no label to match: nothing would ever have it", () => {
  expect(() => read('m{__name__="x"} > 1')).toThrow("groups[0].rules[0].expr: the metric's name stands before the braces, not as __name__");
});
