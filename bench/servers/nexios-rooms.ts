import { announce } from "./announce.ts";
import { answerQuestions } from "./answer-questions.ts";
import { createRoomApp } from "./room-app.ts";

const { app, lifted } = createRoomApp();

answerQuestions({
  memory: () => {
    globalThis.gc?.();
    globalThis.gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    return { rss, heapUsed, external };
  },
});

const { port } = await app.listen({ port: 0, host: "127.0.0.1" });
announce({ port, lifted });
