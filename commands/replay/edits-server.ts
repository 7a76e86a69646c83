// The server of replayed edits, until its parent ends it. Usage: edits-server.ts FOLDER PORT; told "usage", it tells what it has used.
import { type Authenticate, logReports, NexiosApp } from "nexios";
import { serveDocuments } from "nexios/collab/server";
import { endWithParent } from "../torture/end-with-parent.ts";

/** What the server tells. */
export type EditsServerMessage = { readonly kind: "listening"; readonly port: number } | { readonly kind: "usage"; readonly cpuMicros: number };

const [folder = "", port = "0"] = process.argv.slice(2);
/** Whoever connects is who he says: the token is the user's id. */
const believe: Authenticate = ({ token }) => (token === undefined ? undefined : { user: { id: token, name: token } });

endWithParent();
logReports();
const unlimited = { perSecond: Infinity, burst: Infinity };
const app = new NexiosApp({
  auth: { jwt: believe },
  limits: { connectsPerAddress: unlimited, messagesPerConnection: unlimited, messagesPerUser: unlimited, loopDelayMs: Infinity },
  rooms: { folder, limits: { callRate: unlimited, joinRate: unlimited } },
});
app.add(serveDocuments({ accessOf: () => "write" }));
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  tell({ kind: "usage", cpuMicros: user + system });
});
tell({ kind: "listening", port: (await app.listen({ port: Number(port) })).port });

function tell(message: EditsServerMessage): void {
  process.send?.(message);
}
