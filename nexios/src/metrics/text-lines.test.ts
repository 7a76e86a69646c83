import { expect, test } from "vitest";
import { Metrics } from "./registry.ts";
import { contentTypes, toTextForm } from "./text-form.ts";
import { textLines } from "./text-lines.ts";
import { parseExposition } from "./text-parser.fixture.ts";
import { toTextStream } from "./text-stream.ts";

function textOf(metrics: Metrics, form: "prometheus" | "openmetrics"): string {
  return [...textLines(metrics.readInParts(), form)].join("");
}

function small(): Metrics {
  const metrics = new Metrics();
  metrics.counter("sent", { unit: "bytes", help: 'What was "sent"\\\n' }).with({ to: 'a"b\\c\nd' }).add(5);
  metrics.gauge("rooms").set(1.5);
  const times = metrics.histogram("wait", { unit: "seconds", bounds: [0, 0.00001, 0.5, 1, 100_000, 1_000_000, 2.5e6] });
  for (const value of [0, 0.25, 1, 3]) times.with({ of: "x" }).record(value);
  for (const user of ["ann", "bob", "ann"]) metrics.unique("users").add(user);
  for (const page of ["/a", "/b", "/b"]) metrics.top("pages", { size: 1 }).add(page);
  return metrics;
}

test("metrics are OpenMetrics 1.0", () => {
  expect(textOf(small(), "openmetrics")).toBe(
    String.raw`# TYPE sent_bytes counter
# UNIT sent_bytes bytes
# HELP sent_bytes What was \"sent\"\\\n
sent_bytes_total{to="a\"b\\c\nd"} 5
# TYPE rooms gauge
rooms 1.5
# TYPE wait_seconds histogram
# UNIT wait_seconds seconds
wait_seconds_bucket{of="x",le="0.0"} 1
wait_seconds_bucket{of="x",le="1e-05"} 1
wait_seconds_bucket{of="x",le="0.5"} 2
wait_seconds_bucket{of="x",le="1.0"} 3
wait_seconds_bucket{of="x",le="100000.0"} 4
wait_seconds_bucket{of="x",le="1e+06"} 4
wait_seconds_bucket{of="x",le="2.5e+06"} 4
wait_seconds_bucket{of="x",le="+Inf"} 4
wait_seconds_sum{of="x"} 4.25
wait_seconds_count{of="x"} 4
# TYPE users gauge
users 2
# TYPE pages gauge
pages{key="/b"} 2
# EOF
`,
  );
});

test("metrics are Prometheus' text format 0.0.4", () => {
  expect(textOf(small(), "prometheus")).toBe(
    String.raw`# TYPE sent_bytes_total counter
# HELP sent_bytes_total What was "sent"\\\n
sent_bytes_total{to="a\"b\\c\nd"} 5
# TYPE rooms gauge
rooms 1.5
# TYPE wait_seconds histogram
wait_seconds_bucket{of="x",le="0"} 1
wait_seconds_bucket{of="x",le="1e-05"} 1
wait_seconds_bucket{of="x",le="0.5"} 2
wait_seconds_bucket{of="x",le="1"} 3
wait_seconds_bucket{of="x",le="100000"} 4
wait_seconds_bucket{of="x",le="1e+06"} 4
wait_seconds_bucket{of="x",le="2.5e+06"} 4
wait_seconds_bucket{of="x",le="+Inf"} 4
wait_seconds_sum{of="x"} 4.25
wait_seconds_count{of="x"} 4
# TYPE users gauge
users 2
# TYPE pages gauge
pages{key="/b"} 2
`,
  );
});

test("the text needs no buckets", () => {
  const metrics = small();

  expect([...textLines(metrics.readInParts({ withBuckets: false }), "openmetrics")].join("")).toBe(textOf(metrics, "openmetrics"));
});

test.each(["openmetrics", "prometheus"] as const)("a strict parser of %s reads what was written, of names, labels and helps of any kind", (form) => {
  const metrics = new Metrics();
  const odd = ["", " ", "\\", '"', "\n", "\\n", '\\"', "é\u{1f600}", "\0", "a,b", "}", "# EOF", "\uD800"];
  for (const [index, text] of odd.entries()) {
    metrics.counter(`c${index}`, { help: text }).with({ text }).add(index);
    metrics.histogram(`h${index}`, { unit: "seconds", help: text }).with({ text }).record(index);
    metrics.top("t").add(text);
  }

  const families = parseExposition(textOf(metrics, form), form);

  const read = odd.map((_, index) => [...families.get(form === "openmetrics" ? `c${index}` : `c${index}_total`)!.samples]);
  expect(read).toEqual(odd.map((text, index) => [[`c${index}_total{${text === "" ? "" : `text=${JSON.stringify(text.toWellFormed())}`}}`, index]]));
  const helps = odd.map((_, index) => families.get(`h${index}_seconds`)!.help);
  expect(helps).toEqual(odd.map((text) => (text === "" ? undefined : text.toWellFormed())));
  expect(families.get("t")!.samples.size).toBe(10);
});

test.each([
  "a 1\n# EOF\n",
  "# TYPE a gauge\na 1\n",
  "# TYPE a gauge\na 1\n# EOF",
  "# TYPE a gauge\n\na 1\n# EOF\n",
  "# TYPE a gauge\n# TYPE a gauge\na 1\n# EOF\n",
  "# TYPE a gauge\na 1\na 1\n# EOF\n",
  "# TYPE a gauge\na 1\n# HELP a x\n# EOF\n",
  "# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\na 2\n# EOF\n",
  "# TYPE a counter\na 1\n# EOF\n",
  "# TYPE a counter\na_total -1\n# EOF\n",
  "# TYPE a counter\n# UNIT a seconds\na_total 1\n# EOF\n",
  '# TYPE a gauge\na{x="1" } 1\n# EOF\n',
  '# TYPE a gauge\na{x="1",x="2"} 1\n# EOF\n',
  '# TYPE a gauge\na{x="\\y"} 1\n# EOF\n',
  '# TYPE a histogram\na_bucket{le="1.0"} 1\na_sum 1\na_count 1\n# EOF\n',
  '# TYPE a histogram\na_bucket{le="1"} 1\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n# EOF\n',
  '# TYPE a histogram\na_bucket{le="1.0"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n# EOF\n',
  '# TYPE a histogram\na_bucket{le="+Inf"} 1\na_sum 1\na_count 2\n# EOF\n',
])("the parser is strict: %j", (text) => {
  expect(() => parseExposition(text, "openmetrics")).toThrow(Error);
});

test.each([
  [undefined, "prometheus"],
  ["", "prometheus"],
  ["*/*", "prometheus"],
  ["text/plain", "prometheus"],
  ["application/openmetrics-text", "openmetrics"],
  ["application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", "openmetrics"],
  ["application/openmetrics-text; version=1.0.0; escaping=allow-utf-8; q=0.6, text/plain;version=1.0.0;q=0.4", "openmetrics"],
  ["application/openmetrics-text;version=0.0.1,text/plain;q=0.1", "prometheus"],
  ["application/openmetrics-text;version=2.0.0", "prometheus"],
  ["application/openmetrics-text;q=0.2,text/plain;q=0.8", "prometheus"],
  ["application/openmetrics-text;q=0", "prometheus"],
  ["application/openmetrics-text;q=x", "prometheus"],
] as const)("who accepts %s gets %s", (accept, form) => {
  expect(toTextForm(accept)).toBe(form);
  expect(contentTypes[form]).toContain("charset=utf-8");
});

test("a thousand lines are written in a turn of the event loop, when they are asked for, and nothing once nobody reads", async () => {
  let [turns, made] = [0, 0];
  function* lines(): Generator<string, void> {
    for (; made < 2_500;) yield `${made++}\n`;
  }
  const stream = (): ReadableStream<Uint8Array> =>
    toTextStream(lines(), (fire) => {
      turns++;
      setImmediate(fire);
    });

  const first = stream();
  const unasked = made;
  const text = await new Response(first).text();
  const [turnsOfAll, madeOfAll] = [turns, made];
  made = 0;
  const reader = stream().getReader();
  await reader.read();
  await reader.cancel();

  expect([unasked, turnsOfAll, madeOfAll, made]).toEqual([0, 3, 2_500, 1_000]);
  expect(text.split("\n")).toHaveLength(2_501);
});
