// The server of a stampede, until it is killed. It tells its parent where it listens, and ends with it. Usage: auction-server.ts FOLDER PORT
import { type Authenticate, logReports, NexiosApp } from "nexios";
import { auction } from "nexios/auction";
import { serveAuction } from "nexios/auction/server";
import { endWithParent } from "./end-with-parent.ts";
import { liftedLimits, liftedRoomLimits } from "./auction-limits.ts";
import { lotId, type LotTimes, termsOf } from "./auction-lot.ts";
import type { Listening } from "./server.ts";

const [folder = "", port = "0"] = process.argv.slice(2);

/** Whoever connects is who he says: the token is the user's id. */
const believe: Authenticate = ({ token }) => (token === undefined ? undefined : { user: { id: token, name: token } });

endWithParent();
logReports();
const app = new NexiosApp({ auth: { jwt: believe }, limits: liftedLimits, rooms: { folder, limits: liftedRoomLimits } });
app.add(serveAuction({ isAuctioneer: () => false }));
process.on("message", (times: string) => void list(JSON.parse(times) as LotTimes));
const listening: Listening = { port: (await app.listen({ port: Number(port) })).port };
process.send?.(listening);

async function list(times: LotTimes): Promise<void> {
  const outcome = await app.room(auction, { lotId }).call("list", { terms: termsOf(times), secret: {} });
  process.send?.(outcome.kind);
}
