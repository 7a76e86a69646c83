import { beforeEach, expect, test } from "vitest";
import { ManualClock } from "../../nexios/src/testing/manual-clock.ts";
import { Faults } from "./faults.ts";

/** A line that notes what is done to it. */
class NotedLink {
  readonly done: string[] = [];
  isHalfOpen = false;
  cut = (): void => void this.done.push("cut");
  stall = (): void => void this.done.push("stall");
  delay = (): void => void this.done.push("delay");
  slow = (): void => void this.done.push("slow");
  heal = (): void => void this.done.push("heal");
  halfOpen = (): void => {
    this.isHalfOpen = true;
    this.done.push("halfOpen");
  };
}

let clock: ManualClock;
let links: NotedLink[];
let faults: Faults;

beforeEach(() => {
  clock = new ManualClock();
  links = [new NotedLink(), new NotedLink(), new NotedLink()];
  faults = new Faults({ links }, clock);
});

test("in two minutes each kind of fault is there, and at least a hundred lines are cut", async () => {
  await clock.advance(120_000);
  faults.stop();

  expect([...faults.counts.keys()].toSorted()).toEqual(["cut", "cutAll", "delay", "halfOpen", "slow", "stall"]);
  expect(faults.cuts).toBe(links.flatMap(({ done }) => done.filter((what) => what === "cut")).length);
  expect(faults.cuts).toBeGreaterThan(100);
});

test("what was stalled, delayed or slowed down is healed after a while", async () => {
  await clock.advance(30_000);

  const done = links.flatMap((link) => link.done);
  const begun = done.filter((what) => what === "stall" || what === "delay" || what === "slow").length;
  const healed = done.filter((what) => what === "heal").length;
  expect(healed).toBeGreaterThan(begun / 2);
});

test("once it is stopped all lines are healed, those that are half open are cut, and nothing more happens", async () => {
  await clock.advance(30_000);
  for (const link of links) link.isHalfOpen = false;
  links[0]?.halfOpen();

  faults.stop();
  const last = links.map(({ done }) => done.at(-1));
  const counts = links.map(({ done }) => done.length);
  await clock.advance(60_000);

  expect(last).toEqual(["cut", "heal", "heal"]);
  expect(links.map(({ done }) => done.length)).toEqual(counts);
});

test("while there is no line nothing is counted", async () => {
  links.length = 0;

  await clock.advance(60_000);
  faults.stop();

  expect([faults.cuts, faults.counts.size]).toEqual([0, 0]);
});
