import { announce } from "./announce.ts";
import { answerQuestions } from "./answer-questions.ts";
import { createRoomApp } from "./room-app.ts";

interface Memory {
  readonly rss: number;
  readonly held: number;
}

const sampleEveryMs = 100;
const { app, lifted } = createRoomApp();
let base: Memory = { rss: 0, held: 0 };
let peak: Memory = base;

function sample(): Memory {
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, held: heapUsed + external };
}

setInterval(() => {
  const now = sample();
  peak = { rss: Math.max(peak.rss, now.rss), held: Math.max(peak.held, now.held) };
}, sampleEveryMs);

answerQuestions({
  /** From here on growth is measured. */
  mark: () => {
    globalThis.gc?.();
    globalThis.gc?.();
    peak = base = sample();
  },
  /** The most that was held since the last question beyond the mark, and what is left after a collection. */
  growth: () => {
    const grown = { rss: peak.rss - base.rss, held: peak.held - base.held };
    globalThis.gc?.();
    globalThis.gc?.();
    peak = sample();
    return { ...grown, leftHeld: peak.held - base.held };
  },
});

const { port } = await app.listen({ port: 0, host: "127.0.0.1" });
announce({ port, lifted });
