import { expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { DigestSchedule } from "./digest-schedule.ts";

function schedule(afterMs: readonly number[] = [1_000, 4_000, 16_000]) {
  const clock = new ManualClock();
  const sent: number[] = [];
  return { clock, sent, digests: new DigestSchedule(clock, afterMs, () => sent.push(clock.monotonic())) };
}

test("a change is followed by digests after 1, 4 and 16 seconds, and then by none", async () => {
  const { clock, sent, digests } = schedule();

  digests.changed();
  await clock.advance(60_000);

  expect([sent, digests.isPending]).toEqual([[1_000, 4_000, 16_000], false]);
});

test("a newer change begins the schedule anew", async () => {
  const { clock, sent, digests } = schedule();

  digests.changed();
  await clock.advance(500);
  digests.changed();
  await clock.advance(4_500);
  digests.changed();
  await clock.advance(60_000);

  expect(sent).toEqual([1_500, 4_500, 6_000, 9_000, 21_000]);
});

test("while changes go on there is a digest every four seconds or sooner", async () => {
  const { clock, sent, digests } = schedule();

  for (let count = 0; count < 120; count++) {
    digests.changed();
    await clock.advance(100);
  }

  expect(sent).toEqual([4_000, 8_000, 12_000]);
});

test("a timer that fires late sends one digest for all that were due", async () => {
  const { clock, sent, digests } = schedule([1_000, 1_000.25, 16_000]);

  digests.changed();
  await clock.advance(20_000);

  expect(sent).toEqual([1_000, 1_000.25, 16_000]);
});

test("nothing is sent after the close, nor without a schedule", async () => {
  const [closed, empty] = [schedule(), schedule([])];

  closed.digests.changed();
  closed.digests.close();
  empty.digests.changed();
  await closed.clock.advance(60_000);
  await empty.clock.advance(60_000);

  expect([closed.sent, empty.sent, empty.digests.isPending]).toEqual([[], [], false]);
});
