import { expect, test } from "vitest";
import { checkReading } from "./check-reading.ts";
import { mergeReadings } from "./merge-readings.ts";
import type { MetricsReading } from "./reading.ts";
import { Metrics } from "./registry.ts";

/** As another process gets it. */
function sent(reading: MetricsReading): MetricsReading | undefined {
  return checkReading(JSON.parse(JSON.stringify(reading)));
}

test("what is no number is counted nowhere, a text of digits neither", () => {
  const metrics = new Metrics();
  const five = "5" as unknown as number;

  expect(() => metrics.counter("orders").add(five)).toThrow(TypeError);
  expect(() => metrics.histogram("weight").record(five)).toThrow(TypeError);
  expect(() => metrics.top("pages").add("/", five)).toThrow(TypeError);
  metrics.counter("orders").add(2);

  expect(sent(metrics.read())).toEqual(metrics.read());
});

test("numbers as large as there are keep no reading from other processes, nor do their sums", () => {
  const metrics = new Metrics();
  for (let times = 0; times < 2; times++) {
    metrics.counter("orders").add(Number.MAX_VALUE);
    metrics.histogram("weight").record(Number.MAX_VALUE);
    metrics.top("pages").add("/", Number.MAX_VALUE);
  }
  metrics.gauge("level").set(-Number.MAX_VALUE);
  const reading = metrics.read();
  const merged = mergeReadings([reading, reading]);

  expect(sent(reading)).toEqual(reading);
  expect(merged.families.find(({ name }) => name === "level")?.series[0]?.value).toBe(-Number.MAX_VALUE);
  expect(sent(merged)).toEqual(merged);
});
