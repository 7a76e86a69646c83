import * as fc from "fast-check";
import { expect, test } from "vitest";
import { joinSessions, type Session, sessionGapMs, type Stay, withMoment } from "./sessions.ts";

const minuteMs = 60_000;
/** Moments as they wait to be joined. */
function toStays(times: readonly number[]): readonly Stay[] {
  const stays: Stay[] = [];
  for (const at of times) withMoment(stays, at);
  return stays;
}

const spans = (sessions: readonly Session[]) => sessions.map(({ firstAt, lastAt }) => [firstAt / minuteMs, lastAt / minuteMs]);

/** What a visitor's events come to, told one batch after the other. */
function joinAll(batches: readonly (readonly number[])[]): { readonly sessions: readonly Session[]; readonly begun: number } {
  let sessions: readonly Session[] = [];
  let begun = 0;
  for (const batch of batches) {
    const change = joinSessions("ann", sessions, toStays(batch));
    sessions = change.after;
    begun += change.begun.length - change.gone.length;
  }
  return { sessions, begun };
}

test("half an hour without an event ends a session, and a millisecond less does not", () => {
  const { sessions } = joinAll([[0, sessionGapMs - 1, 2 * sessionGapMs - 1]]);

  expect(spans(sessions).map(([from]) => from)).toEqual([0, (2 * sessionGapMs - 1) / minuteMs]);
});

test("a late event joins the two sessions that it lies between", () => {
  const before = joinSessions("ann", [], toStays([0, 40 * minuteMs])).after;

  const { after, gone, changed, begun } = joinSessions("ann", before, toStays([20 * minuteMs]));

  expect([spans(before), spans(after), spans(gone), spans(changed), begun]).toEqual([
    [
      [0, 0],
      [40, 40],
    ],
    [[0, 40]],
    [[40, 40]],
    [[0, 40]],
    [],
  ]);
});

test("a session that begins earlier after a late event is another beginning, and the same session", () => {
  const before = joinSessions("ann", [], toStays([40 * minuteMs])).after;

  const { gone, begun } = joinSessions("ann", before, toStays([20 * minuteMs]));

  expect([spans(gone), begun]).toEqual([[[40, 40]], [20 * minuteMs]]);
});

test("an event within a session changes nothing", () => {
  const before = joinSessions("ann", [], toStays([0, 20 * minuteMs])).after;

  expect(joinSessions("ann", before, toStays([10 * minuteMs]))).toMatchObject({ after: before, gone: [], changed: [], begun: [] });
});

test("in whatever order events come, and in whatever batches, the sessions and their number are the same", () => {
  const times = fc.array(
    fc.integer({ min: 0, max: 600 }).map((minutes) => minutes * minuteMs),
    { minLength: 1, maxLength: 25 },
  );
  fc.assert(
    fc.property(
      times.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.integer({ min: 1, max: 5 }))),
      ([all, shuffled, size]) => {
        const whole = joinAll([all]);
        const batches = Array.from({ length: Math.ceil(shuffled.length / size) }, (_, index) => shuffled.slice(index * size, (index + 1) * size));

        expect(joinAll(batches)).toEqual(whole);
        expect(whole.begun).toBe(whole.sessions.length);
      },
    ),
  );
});
