// The server of a run of edits, until it is killed. It tells its parent where it listens, and ends with it. Usage: edits-server.ts FOLDER PORT
import { type Authenticate, logReports, NexiosApp } from "nexios";
import { documentRoom, textOf } from "nexios/collab";
import { serveDocuments } from "nexios/collab/server";
import { editsDocument } from "./edits-document.ts";
import { endWithParent } from "./end-with-parent.ts";
import type { Listening } from "./server.ts";

const [folder = "", port = "0"] = process.argv.slice(2);
/** Short, so that checkpoints and packs are made all the time, and kills hit them too. */
const history = { checkpointEvery: 100, keepEntries: 200 };

/** Whoever connects is who he says: the token is the user's id. */
const believe: Authenticate = ({ token }) => (token === undefined ? undefined : { user: { id: token, name: token } });

endWithParent();
logReports();
const app = new NexiosApp({ auth: { jwt: believe }, rooms: { folder, limits: { history } } });
app.add(serveDocuments({ accessOf: () => "write" }));
app.get("/document", async (c) => {
  const { document, count } = await app.room(documentRoom, editsDocument).state();
  return c.json({ text: textOf(document), count });
});
const listening: Listening = { port: (await app.listen({ port: Number(port) })).port };
process.send?.(listening);
