// A server of a run, until it is killed. It tells its parent where it listens, and ends with it. Usage: server.ts FOLDER TOKEN_MS; with DATABASE_URL and REDIS_URL the folder is not used
import { type Address, type Authenticate, logReports, NexiosApp, NexiosError } from "nexios";
import { setTimeout } from "node:timers/promises";
import { endWithParent } from "./end-with-parent.ts";
import { servedPassingRoom, servedRoom } from "./served-room.ts";

/** What the server tells its parent. */
export interface Listening {
  readonly port: number;
}

const [folder = "", tokenMs = ""] = process.argv.slice(2);
const retryMs = 100;
/** Short, so that who was away comes back to a past that is gone. */
const history = { checkpointEvery: 20, keepEntries: 60 };

/** Whoever connects is who he says: the token is the user's id. */
const believe: Authenticate = ({ token }) => (token === undefined ? undefined : { user: { id: token, name: token }, expiresAt: Date.now() + Number(tokenMs) });

endWithParent();
logReports();
const app = new NexiosApp({ auth: { jwt: believe }, rooms: { folder, limits: { history } } }).add(servedRoom, servedPassingRoom);
const { port } = await listen();
const listening: Listening = { port };
process.send?.(listening);

/** A store that is away just then is waited for, as a supervisor does. */
async function listen(): Promise<Address> {
  for (;;) {
    try {
      return await app.listen({ port: 0 });
    } catch (error) {
      if (!(error instanceof NexiosError && error.code === "UNAVAILABLE")) throw error;
      await setTimeout(retryMs);
    }
  }
}
