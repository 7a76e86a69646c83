import type { NexiosApp } from "nexios";
import type { ClientWorld } from "nexios/client";

type Peer = Awaited<ReturnType<NexiosApp["connect"]>>;

/** Connects a client to the app that it runs in, without a port: what it sends and gets is what any page's client does. */
export function connectWithin(app: Pick<NexiosApp, "connect">, path: string): ClientWorld["connect"] {
  return (_url, subprotocol, events) => {
    let peer: Peer | undefined;
    let isClosed = false;
    const open = async (): Promise<void> => {
      const opened = await app.connect(path, { subprotocols: [subprotocol] });
      if (isClosed) return opened.close();
      peer = opened;
      events.onOpen();
      await passOn(opened, (message) => events.onMessage(message));
      const { code, reason } = await opened.closed;
      events.onClose(code, reason);
    };
    // An app that stops takes no connection: to the client the line is lost.
    open().catch(() => events.onClose(1006, ""));
    return {
      send(message) {
        if (typeof message === "string") peer?.sendText(message);
        else peer?.sendBytes(message);
      },
      close() {
        isClosed = true;
        peer?.close();
      },
    };
  };
}

async function passOn(peer: Peer, onMessage: (message: string | Uint8Array) => void): Promise<void> {
  const isOver = peer.closed.then(() => undefined);
  for (;;) {
    const message = await peer.next().catch(() => isOver);
    if (message === undefined) return;
    onMessage(message);
  }
}
