// An app that takes an order, and kills itself at a place of its transaction, or of what follows. Usage: dying-app.ts FOLDER PLACE
import { createKilledApp, type Place, placeOrder } from "./killed-app.ts";

const [folder = "", place = ""] = process.argv.slice(2);

function dieAt(here: Place): void {
  if (place === here) process.kill(process.pid, "SIGKILL");
}

const app = createKilledApp(folder, dieAt);
await app.start();
await placeOrder(app, "one", dieAt);
