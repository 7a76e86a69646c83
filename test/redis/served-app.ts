import { accept, Channel, defineRoom, NexiosApp, type } from "nexios";

/** A list that grows, on every process. */
export const list = defineRoom("list/{id}", {
  log: "volatile",
  entry: type<{ text: string }>(),
  state: type<{ texts: readonly string[] }>(),
  presence: type<{ at: number }>(),
  calls: { put: { input: type<{ text: string }>(), result: type<{ length: number }>() } },
}).fold({ texts: [] }, ({ texts }, { text }) => ({ texts: [...texts, text] }));

/** What a process of the tests serves: the room, and a group that everybody joins. */
function createServedApp(): NexiosApp {
  const app = new NexiosApp({
    auth: { guest: ({ token }) => (token === undefined ? undefined : { user: { id: token, name: token } }) },
    realtime: { auth: ["guest"] },
  });
  app.wsRoute("/group", async (ws) => {
    await ws.accept();
    await app.channels.addChannelToGroup(new Channel(ws, { payloadType: "json" }), "all");
    void ws.sendJson({ joined: true });
    for await (const _ of ws.messages());
  });
  app.post("/send/{text}", (c) => c.json(app.channels.groupSend("all", { text: c.req.param("text") })));
  app.post("/put/{id}/{text}/{callId}", async (c) => {
    const { id, text, callId } = c.req.param();
    return c.json(await app.room(list, { id }).call("put", { text }, { callId }));
  });
  return app.add(
    list.serve({
      authorize: () => true,
      input: { put: { unchecked: true } },
      presence: { unchecked: true },
      decide: { put: ({ texts }, input) => accept(input, { length: texts.length + 1 }) },
    }),
  );
}

if (process.argv[1] === import.meta.filename) {
  const { port } = await createServedApp().run({ port: 0 });
  process.stdout.write(`port ${port}\n`);
}
