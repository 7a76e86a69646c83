import { inspect } from "node:util";

import { type Authenticate, NexiosApp } from "nexios";
import { serveDocuments } from "nexios/collab/server";

import { announce } from "./announce.ts";
import { answerQuestions } from "./answer-questions.ts";
import { liftedLimits } from "./lifted-limits.ts";

const unlimited = { perSecond: Infinity, burst: Infinity };
const lifted = { ...liftedLimits, rooms: { callRate: unlimited, joinRate: unlimited } };
/** Whoever connects is who he says, as on the other side. */
const believe: Authenticate = ({ token }) => (token === undefined ? undefined : { user: { id: token, name: token } });
const { rooms, ...limits } = lifted;
const app = new NexiosApp({ auth: { jwt: believe }, limits, rooms: { limits: rooms } });
app.add(serveDocuments({ accessOf: () => "write" }));

answerQuestions({ cpu: () => process.cpuUsage() });
// Of the bench: the port, which is the same after a restart.
const { port } = await app.listen({ port: Number(process.env["BENCH_PORT"] ?? 0), host: "127.0.0.1" });
announce({ port, lifted: inspect(lifted, { breakLength: Infinity }) });
