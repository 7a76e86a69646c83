import { auth, type NexiosApp, NexiosError } from "nexios";
import { house, houseName } from "../rooms/house.ts";

/** Two, because only the second one shows that the first is missing. */
const lines = ["One of two, for whoever has asked to lose it.", "Two of two: whoever lost the one before sees the hole now."];

/** The answer to a request for a restart is given this long to leave. */
const answerMs = 100;

/** A page knows nothing of processes, nor which of several its line leads to: all of them restart. */
const restartTopic = "saleroom/restart";

/** What trouble needs of the process that it is made in. */
export interface TroubleServices {
  /** Ends the process as a crash would; absent where nothing would start it again. */
  readonly restart: (() => void) | undefined;
}

/** Trouble that the server makes for itself, for people who want to see it heal. */
export function addTroubleRoutes(app: NexiosApp, { restart }: TroubleServices): void {
  const known = auth(["jwt"]);
  const { broker } = app;
  let isAnswering = false;
  if (broker !== undefined && restart !== undefined) app.onStart(() => broker.subscribe(restartTopic, () => (isAnswering ? undefined : restart())));
  app.get("/api/trouble", known, (c) => c.json({ process: process.pid, canRestart: restart !== undefined }));
  app.post("/api/trouble/lines", known, async (c) => {
    requireOwnPage(c.req.header("sec-fetch-site"));
    for (const text of lines) {
      const outcome = await app.room(house, { house: houseName }).call("say", { text });
      if (outcome.kind === "refused") return c.json({ code: outcome.code }, 429);
    }
    return c.body(null, 204);
  });
  app.post("/api/trouble/restart", known, (c) => {
    requireOwnPage(c.req.header("sec-fetch-site"));
    if (restart === undefined) throw new NexiosError("NOT_FOUND", "Nothing would start this server again: only npm start does", { status: 404 });
    isAnswering = true;
    broker?.publish(restartTopic, new Uint8Array());
    c.env.edge.clock.after(answerMs, restart);
    return c.json({ process: process.pid }, 202);
  });
}

/** A browser says by itself whose page has asked; programs say nothing. */
function requireOwnPage(site: string | undefined): void {
  if (site !== undefined && site !== "same-origin")
    throw new NexiosError("FORBIDDEN_ORIGIN", "Only the Saleroom's own pages may ask for this", { status: 403 });
}
