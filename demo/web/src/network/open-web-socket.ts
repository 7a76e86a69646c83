import type { ClientConnection, ConnectionEvents } from "nexios/client";

/** How a connection is opened: by a client, or by a line of our own. */
export type Connect = (url: string, subprotocols: string | string[], events: ConnectionEvents) => ClientConnection;

/** Opens a WebSocket of this browser. */
export const openWebSocket: Connect = (url, subprotocols, events) => {
  const socket = new WebSocket(url, subprotocols);
  socket.binaryType = "arraybuffer";
  socket.addEventListener("open", () => events.onOpen());
  socket.addEventListener("message", (event) => {
    const data: unknown = event.data;
    events.onMessage(typeof data === "string" ? data : new Uint8Array(data as ArrayBuffer));
  });
  socket.addEventListener("close", ({ code, reason }) => events.onClose(code, reason));
  return {
    send: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(message as string);
    },
    close: () => {
      // To close before the handshake is over makes the browser write an error on the console.
      if (socket.readyState === WebSocket.CONNECTING) socket.addEventListener("open", () => socket.close());
      else socket.close();
    },
  };
};
