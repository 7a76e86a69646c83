import { Channel, NexiosApp } from "nexios";

/** A process whose groups are driven from outside: each begins with `kept` when it has a history. */
function createServedGroups(): NexiosApp {
  const app = new NexiosApp({ channels: { group: (name) => (name.startsWith("kept") ? { keep: 50, whenSlow: "close" } : undefined) } });
  app.wsRoute("/join/{group}", async (ws) => {
    await ws.accept();
    const channel = new Channel(ws, { payloadType: "json" });
    void ws.sendJson({ id: channel.id });
    await app.channels.addChannelToGroup(channel, ws.params.group, { withHistory: true });
    void ws.sendJson({ joined: true });
    for await (const _ of ws.messages());
  });
  app.post("/send/{group}/{text}", (c) => c.json(app.channels.groupSend(c.req.param("group"), { text: c.req.param("text") })));
  // A thousand in steps, as far as the event loop lets others come between.
  app.post("/count/{group}/{by}", async (c) => {
    const { group, by } = c.req.param();
    for (let number = 1; number <= 1_000; number++) {
      app.channels.groupSend(group, { by, number });
      if (number % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return c.json({ done: true });
  });
  app.post("/to/{id}/{text}", (c) => c.json({ isSent: app.channels.sendTo(c.req.param("id"), { text: c.req.param("text") }) }));
  app.get("/history/{group}", async (c) => c.json(await app.channels.history(c.req.param("group"))));
  app.get("/received/{kind}", (c) => {
    const family = app.metrics.read().families.find(({ name }) => name === "nexios_broker_received");
    return c.json(family?.series.find(({ labels }) => labels["kind"] === c.req.param("kind"))?.value ?? 0);
  });
  return app;
}

if (process.argv[1] === import.meta.filename) {
  const { port } = await createServedGroups().run({ port: 0 });
  process.stdout.write(`port ${port}\n`);
}
