import { createClient } from "@redis/client";
import { createAdapter } from "@socket.io/redis-streams-adapter";

import { serveSocketio } from "./serve-socketio.ts";

// As the adapter's own page has it; the bench names the server in REDIS_URL.
const client = createClient({ url: process.env["REDIS_URL"] ?? "" });
await client.connect();

serveSocketio({ adapter: createAdapter(client) });
