// Documents with their past, and a right to write that the bench takes and gives.
import { addDocuments } from "nexios/collab/server";

import { documentId, monotonicMs, typist } from "../measured-document.ts";
import { announce } from "./announce.ts";
import { answerQuestions } from "./answer-questions.ts";
import { createEditsApp } from "./edits-app.ts";

const { app, lifted } = createEditsApp();
const readOnly = new Set<string>();
const documents = addDocuments(app, { accessOf: ({ id }) => (readOnly.has(id) ? "read" : "write") });

answerQuestions({
  cpu: () => process.cpuUsage(),
  text: () => documents.text(documentId),
  lock: async () => {
    readOnly.add(typist);
    const calledAtMs = monotonicMs();
    await documents.accessChanged(documentId, typist, "read");
    return { calledAtMs };
  },
  unlock: async () => {
    readOnly.delete(typist);
    await documents.accessChanged(documentId, typist, "write");
  },
  /** Units that were inserted under each client id, by the log. */
  inserted: async () => {
    const past = documents.past(documentId);
    await past.catchUp();
    const units: Record<string, number> = {};
    for (const { client, inserted } of past.edits) units[client] = (units[client] ?? 0) + inserted;
    return units;
  },
});
const { port } = await app.listen({ port: 0, host: "127.0.0.1" });
announce({ port, lifted });
