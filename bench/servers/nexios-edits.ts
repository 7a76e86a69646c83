import { serveDocuments } from "nexios/collab/server";

import { announce } from "./announce.ts";
import { answerQuestions } from "./answer-questions.ts";
import { createEditsApp } from "./edits-app.ts";

const { app, lifted } = createEditsApp();
app.add(serveDocuments({ accessOf: () => "write" }));

answerQuestions({ cpu: () => process.cpuUsage() });
// Of the bench: the port, which is the same after a restart.
const { port } = await app.listen({ port: Number(process.env["BENCH_PORT"] ?? 0), host: "127.0.0.1" });
announce({ port, lifted });
