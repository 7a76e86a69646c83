import { afterEach } from "vitest";
import { NexiosApp } from "../app/app.ts";
import type { AppOptions } from "../app/options.ts";
import { connect } from "../testing/connect.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { Channel, type ChannelOptions } from "./channel.ts";

const apps: NexiosApp[] = [];

afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop({ deadlineMs: 0 });
});

/** An app, and a function that connects a peer and gives both ends. */
export function open(options: AppOptions = {}) {
  const clock = new ManualClock();
  const app = new NexiosApp({ auth: { jwt: { secret: "a secret of at least thirty-two bytes" } }, clock, ...options });
  apps.push(app);
  let arriving = Promise.withResolvers<Channel[]>();
  let wanted: readonly ChannelOptions[] = [];
  app.wsRoute("/", async (ws) => {
    await ws.accept();
    arriving.resolve(wanted.map((each) => new Channel(ws, each)));
    for await (const message of ws.messages()) await ws.sendJson({ echo: message });
  });
  async function join(groupNames: readonly string[], ...channelOptions: readonly ChannelOptions[]) {
    wanted = channelOptions.length === 0 ? [{ payloadType: "json" }] : channelOptions;
    arriving = Promise.withResolvers<Channel[]>();
    const peer = await connect(app, "/");
    const channels = await arriving.promise;
    for (const channel of channels) for (const name of groupNames) await app.channels.addChannelToGroup(channel, name);
    // What comes back is behind all that was sent before.
    const settle = (): Promise<unknown> => {
      peer.sendJson("settled");
      return peer.nextJson();
    };
    return { peer, channel: channels[0]!, channels, settle };
  }
  return { app, clock, join, channels: app.channels };
}

export const settled = { echo: "settled" };
