import { expect, test } from "vitest";
import { parseMessage } from "./frame.ts";
import { sampleFrame, sampleSnapshot } from "./sample.ts";

const read = (type: string, data: unknown) => parseMessage(JSON.stringify({ type, data }));

test("a snapshot and a frame come out as they went in", () => {
  expect(read("initial", sampleSnapshot())).toEqual({ kind: "initial", snapshot: sampleSnapshot() });
  expect(read("frame", sampleFrame())).toEqual({ kind: "frame", frame: sampleFrame() });
});

test("what the page does not know is ignored", () => {
  for (const text of ["", "7", "null", "[]", "{", '{"type":"later"}', '{"type":"frame"}', '{"type":"initial","data":7}'])
    expect(parseMessage(text)).toBeUndefined();
});

test("a frame without one of its numbers is no frame", () => {
  expect(read("frame", { ...sampleFrame(), viewers: "3" })).toBeUndefined();
  expect(read("frame", { ...sampleFrame(), loopDelayMs: null })).toBeUndefined();
});

test("a value that is no number becomes a gap, never a zero", () => {
  const { series } = sampleSnapshot();

  const message = read("initial", { ...sampleSnapshot(), series: { ...series, loopDelayMs: [1, null, "x"] } });

  expect(message?.kind === "initial" && message.snapshot.series.loopDelayMs).toEqual([1, null, null]);
});

test("rows that are no pages are left out, and only ten are kept", () => {
  const pages = Array.from({ length: 12 }, (_, index) => ({ path: `/${index}`, requests: index }));

  const message = read("frame", sampleFrame({ topPages: [null as never, ...pages] }));

  expect(message?.kind === "frame" && message.frame.topPages).toEqual(pages.slice(0, 10));
});
