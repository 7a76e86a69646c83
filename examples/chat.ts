// A chat in the terminal: `node --conditions=source examples/chat.ts ann`, and in a second terminal the same with another name. Who comes first serves: end that one, see the other wait, start it again: nothing is lost.
import { createInterface } from "node:readline";
import { accept, defineRoom, NexiosApp, type NexiosError, type } from "nexios";
import { createClient } from "nexios/client";
import * as z from "zod";

const chat = defineRoom("chat/{name}", {
  log: "durable",
  entry: type<{ by: string; text: string }>(),
  state: type<readonly string[]>(),
  calls: { say: { input: type<{ text: string }>() } },
}).fold([], (lines, { by, text }) => [...lines, `${by}: ${text}`].slice(-20));

await using app = new NexiosApp({
  auth: { guest: ({ token }) => (token === undefined ? undefined : { user: { id: token, name: token } }) }, // for a try: everybody is who they say
  realtime: { auth: ["guest"] },
  rooms: { folder: process.env["NEXIOS_DATA"] || ".data/chat" },
}).add(
  chat.serve({
    authorize: () => true,
    input: { say: z.object({ text: z.string().min(1).max(500) }) },
    decide: { say: (_lines, { text }, { user }) => accept({ by: user.name, text }) },
  }),
);
const port = Number(process.env["PORT"] || 3_000);
await app.run({ port }).catch((error: NexiosError) => {
  if (error.code === "DATABASE_IN_USE") return; // another process has the folder: it serves
  process.exit((console.error(error.code === "PORT_IN_USE" ? error.message : error), 1));
});

await using client = createClient({ url: `http://127.0.0.1:${port}/realtime`, token: () => process.argv[2] ?? "somebody" });
const room = client.join(chat, { name: "lobby" });
await room.call("say", { text: "(is here)" });
console.log(room.state?.join("\n"));
room.onEntry(({ value: { by, text } }) => console.log(`${by}: ${text}`));
for await (const text of createInterface({ input: process.stdin })) {
  if (room.status.kind !== "live") console.log("(there is no server: this waits for one)");
  await room.call("say", { text }).catch((error: Error) => console.log(`(${error.message})`));
}
