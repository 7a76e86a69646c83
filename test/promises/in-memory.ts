import type { NexiosApp } from "nexios";
import type { Peer } from "nexios/testing";
import type { ClientWorld, ConnectionEvents } from "../../nexios/src/client/client-world.ts";

/** Connections of a client to an app without a port; whoever asks is told how each has ended. */
export function connectTo(app: NexiosApp, onEnd: (code: number) => void = () => {}): ClientWorld["connect"] {
  return (url, subprotocol, events) => {
    const opening = app.connect(new URL(url).pathname, { subprotocols: [subprotocol] });
    void listen(opening, {
      onOpen: () => events.onOpen(),
      onMessage: (message) => events.onMessage(message),
      onClose: (code, reason) => {
        onEnd(code);
        events.onClose(code, reason);
      },
    });
    return {
      send: (message) => void opening.then((peer) => (typeof message === "string" ? peer.sendText(message) : peer.sendBytes(message))),
      close: () => void opening.then((peer) => peer.close()).catch(() => undefined),
    };
  };
}

async function listen(opening: Promise<Peer>, events: ConnectionEvents): Promise<void> {
  const peer = await opening.catch(() => undefined);
  if (peer === undefined) return events.onClose(1006, "");
  events.onOpen();
  for (;;) {
    const message = await peer.next().catch(() => undefined);
    if (message === undefined) break;
    events.onMessage(message);
  }
  const { code, reason } = await peer.closed;
  events.onClose(code, reason);
}
