// `npm start`: the Saleroom at one address, with everything embedded.
import { logReports, NexiosError } from "nexios";
import { join } from "node:path";
import { createSaleroom } from "./saleroom.ts";

const { PORT = "3000", HOST = "127.0.0.1", NEXIOS_DATA = ".data" } = process.env;

logReports();
if (!/^\d{1,5}$/.test(PORT) || Number(PORT) > 65_535) {
  console.error(`PORT is "${PORT}": set it to a number from 0 to 65535`);
  process.exit(1);
}
try {
  const app = createSaleroom({ dataFolder: NEXIOS_DATA, webFolder: join(import.meta.dirname, "../web/dist") });
  const { url } = await app.run({ port: Number(PORT), host: HOST });
  console.log(`The Saleroom is open: ${url}`);
} catch (error) {
  // What the operator can mend is said in one sentence; anything else is a fault, with its stack.
  console.error(error instanceof NexiosError ? `${error.code}: ${error.message}` : error);
  process.exit(1);
}
