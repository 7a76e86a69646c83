// A server of a run, until it is killed. It tells its parent where it listens, and ends with it. Usage: server.ts FOLDER TOKEN_MS; with DATABASE_URL and REDIS_URL the folder is not used
import { type Authenticate, logReports, NexiosApp } from "nexios";
import { endWithParent } from "./end-with-parent.ts";
import { servedPassingRoom, servedRoom } from "./served-room.ts";

/** What the server tells its parent. */
export interface Listening {
  readonly port: number;
}

const [folder = "", tokenMs = ""] = process.argv.slice(2);
/** Short, so that who was away comes back to a past that is gone. */
const history = { checkpointEvery: 20, keepEntries: 60 };

/** Whoever connects is who he says: the token is the user's id. */
const believe: Authenticate = ({ token }) => (token === undefined ? undefined : { user: { id: token, name: token }, expiresAt: Date.now() + Number(tokenMs) });

endWithParent();
logReports();
const app = new NexiosApp({ auth: { jwt: believe }, rooms: { folder, limits: { history } } }).add(servedRoom, servedPassingRoom);
const { port } = await app.listen({ port: 0 });
const listening: Listening = { port };
process.send?.(listening);
