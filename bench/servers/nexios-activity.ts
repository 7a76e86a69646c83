// An app that counts its visitors' events, and shows what it measures.
import { monitorEventLoopDelay } from "node:perf_hooks";

import { NexiosApp } from "nexios";
import { addActivity } from "nexios/activity/server";
import { dashboardRoom } from "nexios/dashboard";
import { addDashboards } from "nexios/dashboard/server";

import { announce } from "./announce.ts";
import { answerQuestions } from "./answer-questions.ts";

const app = new NexiosApp();
const activity = addActivity(app);
const delay = monitorEventLoopDelay({ resolution: 20 });
delay.enable();
addDashboards(app, { views: { main: { authorize: () => true } }, keepsWindows: false });
/** When each frame of the dashboard was there that has one a second. */
let framesAt: number[] = [];

answerQuestions({
  /** What is stored and what is counted, and how long a page waits for its counts. */
  totals: async () => {
    const gaps = framesAt.slice(1).map((at, index) => at - (framesAt[index] ?? at));
    const frames = { number: framesAt.length, longestGapMs: Math.max(0, ...gaps) };
    const { rows } = await app.store.query("select count(*) as events from activity_event");
    const begin = performance.now();
    const { events: counted } = await activity.summary({ from: 0 });
    await activity.minutes(Date.now() - 3_600_000, Date.now());
    return { stored: Number(rows[0]?.["events"]), counted, readMs: performance.now() - begin, loopP99Ms: delay.percentile(99) / 1e6, frames };
  },
  calm: () => {
    delay.reset();
    framesAt = [];
  },
  rss: () => process.memoryUsage.rss(),
});
const { port } = await app.listen({ port: 0, host: "127.0.0.1" });
await app.room(dashboardRoom, { name: "main", pace: "1" }).watch(() => framesAt.push(performance.now()));
announce({ port });
