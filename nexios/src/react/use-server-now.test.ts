// @vitest-environment happy-dom
import { createElement, type ReactElement } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { type ServerNow, useServerNow } from "./index.ts";
import { type Page, settle, until } from "./page.fixture.ts";
import { Stage, type Visitor } from "./stage.fixture.ts";

let stage: Stage;
let ann: Visitor;
let serverClock: ManualClock;

beforeEach(async () => {
  serverClock = new ManualClock(Date.UTC(2040, 0, 1));
  stage = await Stage.open(serverClock);
  ann = stage.visit("ann");
  await until(() => ann.client.status.kind === "live");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await stage.close();
});

function showTimes(...steps: readonly number[]): { readonly page: Page; readonly seen: ServerNow[] } {
  const seen: ServerNow[] = [];
  const Time = ({ step }: { readonly step: number }): ReactElement => {
    const time = useServerNow(step);
    seen.push(time);
    return createElement("i", null, `${time.now};`);
  };
  const page = stage.show(ann, createElement("p", null, ...steps.map((step, key) => createElement(Time, { step, key }))), { isStrict: false });
  return { page, seen };
}

/** Lets time pass for the server, for the client's clock and for the timers of the page. */
async function pass(ms: number): Promise<void> {
  await serverClock.advance(ms);
  await ann.clock.advance(ms);
  await vi.advanceTimersByTimeAsync(ms);
}

test("all who ask for the same step see the same time, and change together with the step of the server's time", async () => {
  const { page, seen } = showTimes(1_000, 1_000);
  const first = page.text;
  for (let ms = 0; ms < 1_500 && page.text === first; ms += 5) await pass(5);
  const [one, other] = page.text.split(";").map(Number);

  expect(first.split(";")[0]).toBe(first.split(";")[1]);
  expect(one).toBe(other);
  expect((one ?? 0) % 1_000).toBeLessThan(10);
  expect(seen).toHaveLength(4);
});

test("the time is the server's, with how far it may be off", async () => {
  const { seen } = showTimes(1_000);

  expect(Math.abs((seen[0]?.now ?? 0) - serverClock.now())).toBeLessThan(5);
  expect(seen[0]?.bound).toBeLessThan(1_000);
});

test("one timer and one listener are enough for all of one step, and there is no timer once nobody looks", () => {
  const watch = vi.spyOn(ann.client, "onChange");
  const { page } = showTimes(1_000, 1_000, 1_000);
  const withThree = vi.getTimerCount();
  page.show(null);

  expect(withThree).toBe(1);
  expect(watch).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});

test("the first answer of the server is told at once, even to who asks for no steps at all", async () => {
  vi.useRealTimers();
  const delays = vi.spyOn(globalThis, "setTimeout");
  const bob = stage.visit("bob");
  const seen: number[] = [];
  const Time = (): null => {
    seen.push(useServerNow(Infinity).bound);
    return null;
  };

  stage.show(bob, createElement(Time), { isStrict: false });
  await until(() => seen.length > 1);
  await settle();

  // A longer delay than a timer takes would fire at once, again and again.
  expect(delays.mock.calls.filter(([, ms = 0]) => ms > 2_147_483_647)).toEqual([]);
  expect(seen).toHaveLength(2);
  expect(seen[0]).toBe(Infinity);
  expect(seen[1]).toBeLessThan(1_000);
});

test("a step of nothing is a mistake", () => {
  const Time = (): null => {
    expect(() => useServerNow(0)).toThrow(TypeError);
    return null;
  };

  stage.show(ann, createElement(Time));

  expect.assertions(2);
});
