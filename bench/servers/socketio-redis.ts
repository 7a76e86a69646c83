import { createClient } from "@redis/client";
import { createAdapter } from "@socket.io/redis-adapter";

import { serveSocketio } from "./serve-socketio.ts";

// As the adapter's own page has it; the bench names the server in REDIS_URL.
const publisher = createClient({ url: process.env["REDIS_URL"] ?? "" });
const subscriber = publisher.duplicate();
await Promise.all([publisher.connect(), subscriber.connect()]);

serveSocketio({ adapter: createAdapter(publisher, subscriber) });
