import { expect, test } from "vitest";
import { examine, forgive, newPulse, type Pulse, type Vitals } from "./heartbeat.ts";
import { defaultLimits } from "./limits.ts";

const limits = { ...defaultLimits, pingMs: 15_000, pongMs: 8_000, stalledMs: 90_000, messageMs: 30_000 };
const quiet: Vitals = { unsentBytes: 0, takenBytes: 0, receivedBytes: 0, held: false };

/** Looks each half second, and notes when something else than "fine" was found. */
function watch(pulse: Pulse, fromMs: number, toMs: number, vitalsAt: (now: number) => Vitals = () => quiet): string[] {
  const found: string[] = [];
  for (let now = fromMs; now <= toMs; now += 500) {
    const verdict = examine(pulse, vitalsAt(now), now, limits);
    if (verdict !== "fine") found.push(`${now} ${verdict}`);
    if (verdict !== "fine" && verdict !== "ping") break;
  }
  return found;
}

test("a silent peer is asked once after `pingMs`, and given up `pongMs` later", () => {
  expect(watch(newPulse(0, 0), 0, 60_000)).toEqual(["15000 ping", "23000 no-pong"]);
});

test("any whole frame after the ping counts as an answer", () => {
  const pulse = newPulse(0, 0);
  const first = watch(pulse, 0, 22_500);

  pulse.lifeAt = 22_700;
  const then = watch(pulse, 23_000, 60_000);

  expect(first).toEqual(["15000 ping"]);
  expect(then).toEqual(["38000 ping", "46000 no-pong"]);
});

test("a frame of the same millisecond as the ping counts as its answer", () => {
  const pulse = newPulse(0, 0);
  examine(pulse, quiet, 15_000, limits);

  pulse.lifeAt = 15_000;

  expect(examine(pulse, quiet, 23_000, limits)).toBe("fine");
});

test("a frame from before the ping is no answer to it", () => {
  const pulse = newPulse(0, 0);
  pulse.lifeAt = 14_000;

  expect(watch(pulse, 14_000, 60_000)).toEqual(["29000 ping", "37000 no-pong"]);
});

test("a peer that speaks is never asked", () => {
  const pulse = newPulse(0, 0);

  const found = watch(pulse, 0, 300_000, (now) => {
    pulse.lifeAt = now - (now % 10_000);
    return quiet;
  });

  expect(found).toEqual([]);
});

test("while the peer is not read from, its silence means nothing", () => {
  const pulse = newPulse(0, 0);

  const held = watch(pulse, 0, 500_000, () => ({ ...quiet, held: true }));
  const then = watch(pulse, 500_500, 600_000);

  expect(held).toEqual([]);
  expect(then).toEqual(["515000 ping", "523000 no-pong"]);
});

test("a socket that takes no byte is given up after `stalledMs`", () => {
  const full = { ...quiet, unsentBytes: 1, held: true };

  expect(watch(newPulse(0, 0), 0, 200_000, () => full)).toEqual(["90000 stalled"]);
});

test("a socket that takes one byte now and then is not stalled", () => {
  const found = watch(newPulse(0, 0), 0, 1_000_000, (now) => ({ ...quiet, unsentBytes: 1_000, takenBytes: Math.floor(now / 80_000), held: true }));

  expect(found).toEqual([]);
});

test("an empty socket is never stalled, however long nothing is sent", () => {
  const found = watch(newPulse(0, 0), 0, 500_000, () => ({ ...quiet, held: true }));

  expect(found).toEqual([]);
});

test("a message that is not whole after `messageMs` is given up, even when its bytes keep coming", () => {
  const pulse = newPulse(0, 0);

  const found = watch(pulse, 0, 60_000, (now) => {
    // Other frames between its fragments keep the peer alive.
    pulse.lifeAt = now;
    return { ...quiet, receivedBytes: 1 + now };
  });

  expect(found).toEqual(["30000 slow-message"]);
});

test("what was received before the first frame belongs to no message", () => {
  const pulse = newPulse(0, 700);

  const found = watch(pulse, 0, 100_000, (now) => {
    pulse.lifeAt = now;
    return { ...quiet, receivedBytes: 700 };
  });

  expect(found).toEqual([]);
});

test("a message that becomes whole in time starts the count anew", () => {
  const pulse = newPulse(0, 0);

  const found = watch(pulse, 0, 100_000, (now) => {
    pulse.lifeAt = now;
    if (now % 29_000 === 0) pulse.framedBytes = now;
    return { ...quiet, receivedBytes: now };
  });

  expect(found).toEqual([]);
});

test("time in which the process itself stood still is nobody's fault", () => {
  const pulse = newPulse(0, 0);
  examine(pulse, quiet, 15_000, limits);

  forgive(pulse, 60_000);
  const verdicts = [82_999, 83_000].map((now) => examine(pulse, quiet, now, limits));

  expect(verdicts).toEqual(["fine", "no-pong"]);
});

test("forgiving moves each of the counts, and starts none", () => {
  const pulse: Pulse = { lifeAt: 1, pingedAt: undefined, takenBytes: 5, takenAt: 2, framedBytes: 6, partialSince: 3 };

  forgive(pulse, 10);

  expect(pulse).toEqual({ lifeAt: 11, pingedAt: undefined, takenBytes: 5, takenAt: 12, framedBytes: 6, partialSince: 13 });
});
