// An app that counts its visitors' events.
import { monitorEventLoopDelay } from "node:perf_hooks";

import { NexiosApp } from "nexios";
import { addActivity } from "nexios/activity/server";

import { announce } from "./announce.ts";
import { answerQuestions } from "./answer-questions.ts";

const app = new NexiosApp();
const activity = addActivity(app);
const delay = monitorEventLoopDelay({ resolution: 20 });
delay.enable();

answerQuestions({
  /** What is stored and what is counted, and how long a page waits for its counts. */
  totals: async () => {
    const { rows } = await app.store.query("select count(*) as events from activity_event");
    const begin = performance.now();
    const { events: counted } = await activity.summary({ from: 0 });
    await activity.minutes(Date.now() - 3_600_000, Date.now());
    return { stored: Number(rows[0]?.["events"]), counted, readMs: performance.now() - begin, loopP99Ms: delay.percentile(99) / 1e6 };
  },
  calm: () => delay.reset(),
  rss: () => process.memoryUsage.rss(),
});
const { port } = await app.listen({ port: 0, host: "127.0.0.1" });
announce({ port });
