import { expect, test } from "vitest";
import { type ControlState, controlReducer, toPageState } from "./control-state.ts";
import { sampleFrame, sampleSnapshot } from "./sample.ts";

const start: ControlState = { line: { kind: "connecting", since: 0 }, newest: undefined, held: undefined };
const open: ControlState = { ...start, line: { kind: "open" }, newest: { snapshot: sampleSnapshot(), at: 1_000 } };
const frame = (at: number) => ({ kind: "message", message: { kind: "frame", frame: sampleFrame({ at: 1_001_000, requestsPerSecond: 7 }) }, at }) as const;

test("a frame before the first snapshot is nothing to build on", () => {
  expect(controlReducer(start, frame(1)).newest).toBeUndefined();
});

test("while paused the screen is held, and the frames are collected", () => {
  const paused = controlReducer(controlReducer(open, { kind: "pause" }), frame(2_000));

  expect(paused.held).toBe(open.newest);
  expect(paused.newest?.snapshot.requestsPerSecond).toBe(7);
});

test("after the pause the screen is at the newest frame at once", () => {
  const paused = controlReducer(controlReducer(open, { kind: "pause" }), frame(2_000));

  const resumed = controlReducer(paused, { kind: "resume" });

  expect(resumed.held).toBeUndefined();
  expect(toPageState(resumed, 2_000, true)).toBe("live");
});

test("numbers are stale after three seconds without a frame, not before", () => {
  expect(toPageState(open, 3_999, true)).toBe("live");
  expect(toPageState(open, 4_000, true)).toBe("stale");
});

test("a lost line is nobody's business for two seconds", () => {
  const lost: ControlState = { ...open, line: { kind: "waiting", since: 1_500, retryAt: 9_000 } };

  expect(toPageState(lost, 3_499, true)).toBe("live");
  expect(toPageState(lost, 3_500, true)).toBe("reconnecting");
});

test("a lost line on a device without a network is called offline, and an open one is not", () => {
  expect(toPageState({ ...open, line: { kind: "connecting", since: 0 } }, 2_000, false)).toBe("offline");
  expect(toPageState(open, 1_500, false)).toBe("live");
});

test("a refusal stands above everything else", () => {
  const refused: ControlState = { ...open, held: open.newest, line: { kind: "refused", code: 4403 } };

  expect(toPageState(refused, 99_000, false)).toBe("refused");
});

test("a page that has nothing yet is loading, and reconnecting if that takes long", () => {
  expect(toPageState(start, 100, true)).toBe("loading");
  expect(toPageState(start, 2_000, true)).toBe("reconnecting");
});

test("what is remembered from an earlier visit is shown as loading, and no frame is built on it", () => {
  const remembered: ControlState = { ...start, newest: { snapshot: sampleSnapshot(), at: 0, isRemembered: true } };

  const next = controlReducer(remembered, frame(1_000));

  expect(toPageState(remembered, 1_000, true)).toBe("loading");
  expect(next.newest).toBe(remembered.newest);
});
