import { inspect } from "node:util";

import { auth, Channel, NexiosApp } from "nexios";

import { SECRET } from "../tokens.ts";
import { announce } from "./announce.ts";
import { liftedLimits } from "./lifted-limits.ts";

const app = new NexiosApp({ auth: { jwt: { secret: SECRET } }, limits: liftedLimits });

app.wsRoute("/members", auth(["jwt"]), async (ws) => {
  await ws.accept();
  await app.channels.addChannelToGroup(new Channel(ws, { payloadType: "json" }), "all");
  await ws.sendJson({ joined: true });
  for await (const _ of ws.messages());
});

app.wsRoute("/publish", auth(["jwt"]), async (ws) => {
  await ws.accept();
  await ws.sendJson({ joined: true });
  for await (const message of ws.messages()) {
    const report = app.channels.groupSend("all", message);
    if (report.dropped > 0) console.error(`nexios dropped a message for ${report.dropped} members`);
  }
});

const { port } = await app.listen({ port: 0, host: "127.0.0.1" });
announce({ port, lifted: inspect(liftedLimits, { breakLength: Infinity }) });
