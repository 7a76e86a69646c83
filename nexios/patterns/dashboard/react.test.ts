// @vitest-environment happy-dom
import { createElement, type ReactElement } from "react";
import { ManualClock } from "nexios/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Page, settle, until } from "../../src/react/page.fixture.ts";
import { Stage, type Visitor } from "../../src/react/stage.fixture.ts";
import { dashboardRoom } from "./contract.ts";
import { useDashboard, useDashboardAge } from "./react.ts";
import { serveDashboard } from "./serve-dashboard.ts";
import type { Dashboard } from "./state.ts";

const steps = 100;
/** A room is left so long after its last view is gone. */
const lingerMs = 1_000;
/** The clocks of server and client are never further apart. */
const togetherMs = 10;
let stage: Stage;
let clock: ManualClock;
let ann: Visitor;
let tick: number;
let visibility: "visible" | "hidden";

beforeEach(async () => {
  clock = new ManualClock();
  tick = clock.now() / 1_000;
  visibility = "visible";
  vi.spyOn(documentOf(), "visibilityState", "get").mockImplementation(() => visibility);
  stage = await Stage.open(clock, [serveDashboard({ authorize: () => true, paces: new Set(["1", "5"]), mostColumns: 100 })]);
  ann = stage.visit("ann");
});

afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await stage.close();
});

function documentOf(): EventTarget & { readonly visibilityState: string } {
  return (globalThis as unknown as { readonly document: EventTarget & { readonly visibilityState: string } }).document;
}

function become(next: typeof visibility): void {
  visibility = next;
  documentOf().dispatchEvent(new Event("visibilitychange"));
}

/** Lets time pass for the server and for the client alike; for the timers of the page where they are the test's. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += togetherMs) {
    await clock.advance(togetherMs);
    await ann.clock.advance(togetherMs);
    if (vi.isFakeTimers()) await vi.advanceTimersByTimeAsync(togetherMs);
  }
}

/** One more step, with these values of as many gauges. */
async function measure(...values: readonly number[]): Promise<void> {
  tick++;
  const columns = values.map((point, at) => ({ metric: `gauge ${at}`, labels: {}, stat: "value" as const, point }));
  const outcome = await stage.app.room(dashboardRoom, { name: "main", pace: "1" }).call("sample", { tick, stepMs: 1_000, steps, columns, tops: {} });
  expect(outcome.kind).toBe("accepted");
}

interface Shown {
  readonly page: Page;
  readonly seen: (Dashboard | undefined)[];
}

function show(visitor = ann, isStrict = true): Shown {
  const seen: (Dashboard | undefined)[] = [];
  const View = (): ReactElement => {
    const { dashboard, status } = useDashboard("main");
    seen.push(dashboard);
    const values = dashboard?.columns[0]?.values ?? [];
    return createElement("p", null, `${status.kind} ${dashboard === undefined ? "nothing" : values.join(",")}`);
  };
  return { page: stage.show(visitor, createElement(View), { isStrict }), seen };
}

test("a page shows nothing before something was measured, then the window, and follows each step", async () => {
  const { page } = show();
  await until(() => page.text === "live nothing");

  await measure(1);
  await until(() => page.text === "live 1");
  await measure(2);
  await until(() => page.text === "live 1,2");
  const late = show(stage.visit("bob"));

  await until(() => late.page.text === page.text);
  expect(late.seen.at(-1)).toMatchObject({ tick, steps, stepMs: 1_000 });
});

test("a hidden page leaves the room and is sent nothing, keeps what it has seen, and has the whole window when it is shown again", async () => {
  const { page } = show();
  await measure(1);
  await until(() => page.text === "live 1");

  become("hidden");
  await until(() => page.text === "idle 1");
  await pass(lingerMs);
  await until(() => ann.sent.some((frame) => frame.startsWith('{"t":"l"')));
  const before = ann.received.length;
  for (let value = 2; value <= 80; value++) await measure(value);
  await pass(1_000);
  await settle();
  const meanwhile = ann.received.slice(before).filter((message) => message.includes('"frame"'));
  const hidden = page.text;
  become("visible");

  const all = Array.from({ length: 80 }, (_, at) => at + 1);
  await until(() => page.text === `live ${all.join(",")}`);
  expect([meanwhile, hidden]).toEqual([[], "idle 1"]);
  // It is further behind than steps are given one by one.
  expect(ann.client.room(dashboardRoom, { name: "main", pace: "1" }).lastResume?.why).toBe("far");
});

test("a page that is hidden from the beginning joins when it is shown", async () => {
  await measure(1);
  visibility = "hidden";
  const { page } = show();
  await until(() => ann.client.status.kind === "live");
  await settle();
  const before = page.text;

  become("visible");

  await until(() => page.text === "live 1");
  expect(before).toBe("idle nothing");
});

test("the age grows when nothing comes any more, and begins anew with the next step", async () => {
  await until(() => ann.client.status.kind === "live");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const Age = (): ReactElement => {
    const { dashboard } = useDashboard("main");
    return createElement("p", null, String(useDashboardAge(dashboard)));
  };
  const page = stage.show(ann, createElement(Age));
  // It is counted in steps of 100 ms, by a clock that is a little off.
  const isAbout = (ms: number): boolean => Math.abs(Number(page.text) - ms) <= 120;
  await until(() => page.text === "undefined");
  await measure(1);
  await pass(1_000);
  await until(() => isAbout(0));

  await pass(2_500);
  await until(() => isAbout(2_500));
  await pass(3_000);
  await until(() => isAbout(5_500));
  tick += 4;
  await measure(2);

  await until(() => isAbout(500));
  expect(page.text).not.toBe("undefined");
});

test("a step with many points is one render", async () => {
  const { page, seen } = show(ann, false);
  await until(() => page.text === "live nothing");
  await measure(...Array.from({ length: 60 }, () => 0));
  await until(() => page.text === "live 0");
  const before = seen.length;

  await measure(...Array.from({ length: 60 }, (_, at) => at + 1));
  await until(() => page.text === "live 0,1");
  await settle();

  expect(seen.length - before).toBe(1);
  expect(seen.at(-1)?.columns.map(({ values }) => values[1])).toEqual(Array.from({ length: 60 }, (_, at) => at + 1));
});
