// `npm start`: the Saleroom at one address, with everything embedded.
import { logReports, NexiosError } from "nexios";
import { join } from "node:path";
import { createSaleroom } from "./saleroom.ts";

const help = `npm start

Serves the Saleroom at one address. Settings: PORT (3000), HOST (127.0.0.1), NEXIOS_DATA (.data, the folder of the SQLite file), NEXIOS_SECRET.
`;

if (process.argv.includes("--help")) {
  console.log(help);
  process.exit(0);
}

logReports();
try {
  const { PORT, HOST, NEXIOS_DATA } = process.env;
  const app = createSaleroom({ dataFolder: NEXIOS_DATA || ".data", webFolder: join(import.meta.dirname, "../web/dist") });
  const { url } = await app.run({ port: Number(PORT || 3_000), host: HOST || "127.0.0.1" });
  console.log(`The Saleroom is open: ${url}`);
} catch (error) {
  // What the operator can mend is said in one sentence; anything else is a fault, with its stack.
  if (error instanceof NexiosError) console.error(`${error.code}: ${error.message}`);
  else console.error(error instanceof TypeError && error.message.startsWith("The port") ? `PORT: ${error.message}` : error);
  process.exit(1);
}
