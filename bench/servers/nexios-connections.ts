import { setImmediate } from "node:timers/promises";
import { inspect } from "node:util";

import { auth, Channel, NexiosApp } from "nexios";

import { SECRET } from "../tokens.ts";
import { announce } from "./announce.ts";
import { answerQuestions } from "./answer-questions.ts";

/** All members come from one address at a time, and all at once. */
const lifted = {
  connectionsPerAddress: Infinity,
  connectsPerAddress: { perSecond: Infinity, burst: Infinity },
};

const app = new NexiosApp({ auth: { jwt: { secret: SECRET } }, limits: lifted });

app.wsRoute("/members", auth(["jwt"]), async (ws) => {
  await ws.accept();
  await app.channels.addChannelToGroup(new Channel(ws, { payloadType: "json" }), "all");
  await ws.sendJson({ joined: true });
  for await (const message of ws.messages()) {
    if (isRecord(message) && message["broadcast"] === true) app.channels.groupSend("all", { broadcast: true });
    else await ws.sendJson({ answer: true });
  }
});

answerQuestions({
  memory: () => {
    globalThis.gc?.();
    globalThis.gc?.();
    const { rss, heapUsed } = process.memoryUsage();
    return { rss, heapUsed };
  },
  handles: countHandles,
  fill: fillBuffers,
  stop: async () => {
    const began = performance.now();
    await app.stop({ deadlineMs: 3_000 });
    return performance.now() - began;
  },
});

const { port } = await app.listen({ port: 0, host: "127.0.0.1" });
announce({ port, lifted: inspect(lifted, { breakLength: Infinity }) });

function countHandles(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** Sends to members that never read, until as much was dropped as if each had lost ten messages. */
async function fillBuffers(): Promise<unknown> {
  const text = "x".repeat(60_000);
  let dropped = 0;
  for (let sent = 1; sent <= 1_000; sent++) {
    const report = app.channels.groupSend("all", { text });
    dropped += report.dropped;
    if (dropped >= 10 * report.handed) return { sent, handed: report.handed, dropped };
    await setImmediate();
  }
  throw new Error("1,000 messages of 60 kB filled no buffer.");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
