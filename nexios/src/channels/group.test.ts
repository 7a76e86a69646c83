import { expect, test } from "vitest";
import { WriteTurn } from "../server/write-turn.ts";
import { Group } from "./group.ts";
import { EncodedPayload } from "./payload.ts";

function keep(options: { keep: number; keepBytes?: number; keepMs?: number }): Group {
  return new Group("kept", new WriteTurn(() => undefined, Infinity), options);
}

test("a group keeps its last payloads, at most so many", () => {
  const group = keep({ keep: 2 });

  for (const text of ["a", "b", "c"]) group.send(EncodedPayload.of(text), undefined, 0);

  expect(group.history(0).map(({ value }) => value)).toEqual(["b", "c"]);
});

test("a group keeps at most so many bytes", () => {
  const group = keep({ keep: 100, keepBytes: 10 });

  for (const text of ["1234567", "abc", "d"]) group.send(EncodedPayload.of(text), undefined, 0);
  const within = group.history(0).map(({ value }) => value);
  group.send(EncodedPayload.of("longer than all of it"), undefined, 0);

  expect(within).toEqual(["abc", "d"]);
  expect(group.history(0)).toEqual([]);
  expect(group.isEmpty(0)).toBe(true);
});

test("a payload is kept for so long, and what has gone makes room", () => {
  const group = keep({ keep: 100, keepBytes: 4, keepMs: 1_000 });

  group.send(EncodedPayload.of("abcd"), undefined, 0);
  const before = group.history(999).length;
  const after = group.history(1_000).length;
  group.send(EncodedPayload.of("efgh"), undefined, 1_001);

  expect([before, after]).toEqual([1, 0]);
  expect(group.history(1_001).map(({ value }) => value)).toEqual(["efgh"]);
});
