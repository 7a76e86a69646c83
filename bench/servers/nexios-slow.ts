import { inspect } from "node:util";

import { auth, Channel, NexiosApp } from "nexios";

import { SECRET } from "../tokens.ts";
import { announce } from "./announce.ts";
import { answerQuestions } from "./answer-questions.ts";
import { liftedLimits } from "./lifted-limits.ts";

const sendMs: number[] = [];
const totals = { handed: 0, dropped: 0, gone: 0 };
let heldMbPeak = 0;

const app = new NexiosApp({ auth: { jwt: { secret: SECRET } }, limits: liftedLimits });

app.wsRoute("/members", auth(["jwt"]), async (ws) => {
  await ws.accept();
  await app.channels.addChannelToGroup(new Channel(ws, { payloadType: "json" }), "all");
  await ws.sendJson({ joined: true });
  for await (const _ of ws.messages());
});

app.wsRoute("/publish", auth(["jwt"]), async (ws) => {
  await ws.accept();
  await ws.sendJson({ joined: true });
  for await (const message of ws.messages()) {
    const began = performance.now();
    const report = app.channels.groupSend("all", message);
    sendMs.push(performance.now() - began);
    totals.handed += report.handed;
    totals.dropped += report.dropped;
    totals.gone += report.gone;
    if (sendMs.length % 100 === 0) heldMbPeak = Math.max(heldMbPeak, process.memoryUsage().arrayBuffers / 2 ** 20);
  }
});

answerQuestions({
  sends: () => {
    const sorted = sendMs.toSorted((a, b) => a - b);
    return {
      ...totals,
      maxMs: sorted.at(-1),
      p99Ms: sorted[Math.floor(sorted.length * 0.99)],
      heldMbPeak,
    };
  },
});

const { port } = await app.listen({ port: 0, host: "127.0.0.1" });
announce({ port, lifted: inspect(liftedLimits, { breakLength: Infinity }) });
