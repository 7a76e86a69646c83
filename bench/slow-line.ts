import { browserWorld, type ClientWorld } from "nexios/client";

/** Connections on which each message takes so long, each way, as on a way round the world. */
export function slowLine(delayMs: number): ClientWorld["connect"] {
  return (url, subprotocol, events) => {
    // Timers of one length fire in the order in which they were set.
    const later = (act: () => void): void => void setTimeout(act, delayMs);
    const line = browserWorld.connect(url, subprotocol, {
      onOpen: () => later(() => events.onOpen()),
      onMessage: (message) => later(() => events.onMessage(message)),
      onClose: (code, reason) => later(() => events.onClose(code, reason)),
    });
    return { send: (message) => later(() => line.send(message)), close: () => line.close() };
  };
}
