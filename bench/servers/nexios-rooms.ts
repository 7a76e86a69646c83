import { announce } from "./announce.ts";
import { answerQuestions } from "./answer-questions.ts";
import { readMemory } from "./read-memory.ts";
import { createRoomApp } from "./room-app.ts";

const { app, lifted } = createRoomApp();

answerQuestions({
  memory: readMemory,
});

const { port } = await app.listen({ port: 0, host: "127.0.0.1" });
announce({ port, lifted });
