// What the control room costs the browser that shows it: main thread per update, and its heap after eight hours.
import type { BrowserContext, CDPSession, Page } from "playwright-core";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { buildBenchPage } from "./page-build.ts";
import { launchBrowser } from "../test/browser/person.ts";
import { atMost } from "./goal.ts";
import { machine, percentile, rounded, say, toMb, versionsOf } from "./measure.ts";

const { values } = parseArgs({
  options: { frames: { type: "string", default: "28800" }, updates: { type: "string", default: "100" }, rounds: { type: "string", default: "3" } },
});
const frames = Number(values.frames);
const updates = Number(values.updates);
const rounds = Number(values.rounds);
const everyMs = 100;
const goals = { oneChartMs: 12, tenChartsMs: 40, heapMb: 5 };
/** After so many frames the window is full and all code is compiled. */
const warmFrames = 1_000;

const { script, styles } = await buildBenchPage();
const browser = await launchBrowser();
try {
  const one = await measureUpdates({ charts: 1, lines: 10, steps: 3_600 });
  say(`one chart of 10 x 3,600 points: ${toText(one)}`);
  const ten = await measureUpdates({ charts: 10, lines: 10, steps: 3_600 });
  say(`ten charts of 10 x 3,600 points: ${toText(ten)}`);
  const usual = await measureUpdates({ charts: 10, lines: 4, steps: 300 });
  say(`ten charts of 4 x 300 points, as the page has them: ${toText(usual)}`);
  const heap = await measureHeap();
  say(`heap over ${frames} frames of ten charts: ${heap.beforeMb} MB -> ${heap.afterMb} MB`);
  const met = {
    oneChartMs: atMost(goals.oneChartMs, one.mainMs),
    tenChartsMs: atMost(goals.tenChartsMs, ten.mainMs),
    heapMb: atMost(goals.heapMb, heap.growthMb),
  };
  console.log(JSON.stringify({ frames, updates, rounds, one, ten, usual, heap, goals: met, machine: machine(), versions: versionsOf(["uplot", "react"]) }));
} finally {
  await browser.close();
}

interface Shape {
  readonly charts: number;
  readonly lines: number;
  readonly steps: number;
}

interface UpdateFigures {
  /** Of the main thread, per update: of the best round, since whatever else runs on the machine only adds. */
  readonly mainMs: number;
  readonly scriptMs: number;
  /** Of all rounds. */
  readonly allMainMs: readonly number[];
  /** Between two frames that the browser has painted. */
  readonly gapP95Ms: number;
  readonly gapP99Ms: number;
}

/** Ten updates a second. */
async function measureUpdates(shape: Shape): Promise<UpdateFigures> {
  const { page, cdp, context } = await open(shape);
  const found: { readonly mainMs: number; readonly scriptMs: number }[] = [];
  await page.evaluate("window.gaps = []; (function next(last) { requestAnimationFrame((now) => { gaps.push(now - last); next(now); }); })(performance.now())");
  for (let round = 0; round < rounds; round++) {
    const before = await timesOf(cdp);
    await page.evaluate(
      `new Promise((resolve) => { let left = ${updates}; const timer = setInterval(() => { bench.step(); if (--left === 0) { clearInterval(timer); resolve(); } }, ${everyMs}); })`,
    );
    const after = await timesOf(cdp);
    found.push({ mainMs: ((after.task - before.task) * 1_000) / updates, scriptMs: ((after.script - before.script) * 1_000) / updates });
  }
  const gaps = await page.evaluate<number[]>("gaps");
  await context.close();
  const best = found.toSorted((a, b) => a.mainMs - b.mainMs)[0] ?? { mainMs: NaN, scriptMs: NaN };
  return {
    mainMs: rounded(best.mainMs),
    scriptMs: rounded(best.scriptMs),
    allMainMs: found.map(({ mainMs }) => rounded(mainMs)),
    gapP95Ms: rounded(percentile(gaps, 0.95)),
    gapP99Ms: rounded(percentile(gaps, 0.99)),
  };
}

/** Eight hours of frames, as fast as they are drawn. */
async function measureHeap() {
  const { page, cdp, context } = await open({ charts: 10, lines: 4, steps: 300 });
  await page.evaluate(`bench.run(${warmFrames})`);
  const before = await heapOf(cdp);
  for (let done = 0; done < frames; done += warmFrames) await page.evaluate(`bench.run(${Math.min(warmFrames, frames - done)})`);
  const after = await heapOf(cdp);
  await context.close();
  return { beforeMb: toMb(before), afterMb: toMb(after), growthMb: toMb(after - before) };
}

async function open({ charts, lines, steps }: Shape): Promise<{ readonly page: Page; readonly cdp: CDPSession; readonly context: BrowserContext }> {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 2_400 } });
  const page = await context.newPage();
  await page.setContent("<!doctype html><html lang=en><body><main></main></body></html>");
  await page.addStyleTag({ content: styles });
  await page.addScriptTag({ content: script, type: "module" });
  await page.waitForFunction("'bench' in window");
  await page.evaluate(`bench.open(${charts}, ${lines}, ${steps})`);
  await page
    .locator(".plot-canvas canvas")
    .nth(charts - 1)
    .waitFor();
  const cdp = await context.newCDPSession(page);
  await cdp.send("Performance.enable");
  await wait(1_000);
  return { page, cdp, context };
}

/** Seconds since the page began. */
async function timesOf(cdp: CDPSession): Promise<{ readonly task: number; readonly script: number }> {
  const { metrics } = await cdp.send("Performance.getMetrics");
  const read = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? NaN;
  return { task: read("TaskDuration"), script: read("ScriptDuration") };
}

async function heapOf(cdp: CDPSession): Promise<number> {
  for (let round = 0; round < 3; round++) await cdp.send("HeapProfiler.collectGarbage");
  return (await cdp.send("Runtime.getHeapUsage")).usedSize;
}

function toText({ mainMs, scriptMs, gapP95Ms, gapP99Ms, allMainMs }: UpdateFigures): string {
  return `${mainMs} ms of the main thread per update, script ${scriptMs} (rounds: ${allMainMs.join(", ")}); frame gaps p95 ${gapP95Ms}, p99 ${gapP99Ms} ms`;
}
