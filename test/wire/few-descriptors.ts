// A server for the test of floods: it is started with few file descriptors, and says its port.
import { NexiosApp } from "nexios";

const app = new NexiosApp({ auth: { jwt: { secret: "x".repeat(32) } } });
app.wsRoute("/", async (ws) => {
  await ws.accept();
  for (;;) await ws.sendText(await ws.receiveText());
});
const { port } = await app.run({ port: 0 });
process.stdout.write(`${port}\n`);
