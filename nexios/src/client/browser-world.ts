import type { ClientConnection, ClientWorld, ConnectionEvents } from "./client-world.ts";

/** What of a browser's page is used: Node has none of it. */
interface Page {
  readonly navigator?: { readonly onLine?: boolean };
  readonly document?: { readonly visibilityState: string };
  addEventListener?(name: string, listener: () => void, capture: boolean): void;
  removeEventListener?(name: string, listener: () => void, capture: boolean): void;
}

const page = globalThis as Page;
/** Captured on the window: that of the document's visibility comes by there too. */
const wakings = ["online", "pageshow", "focus", "visibilitychange"];

/** Browsers, and Node: both have these as globals. */
export const browserWorld: ClientWorld = {
  clock: {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after(delayMs, fire) {
      // A longer one would fire at once.
      const timer = setTimeout(fire, Math.min(delayMs, 2 ** 31 - 1));
      return () => clearTimeout(timer);
    },
    afterTurn: (fire) => queueMicrotask(fire),
  },
  random: () => Math.random(),
  connect: openWebSocket,
  async inflate(bytes) {
    const stream = new Response(bytes as Uint8Array<ArrayBuffer>).body?.pipeThrough(new DecompressionStream("deflate-raw"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  },
  isOnline: () => page.navigator?.onLine !== false,
  onWake(wake) {
    const woken = (): void => {
      if (page.document?.visibilityState !== "hidden") wake();
    };
    for (const name of wakings) page.addEventListener?.(name, woken, true);
    return () => {
      for (const name of wakings) page.removeEventListener?.(name, woken, true);
    };
  },
};

function openWebSocket(url: string, subprotocol: string, events: ConnectionEvents): ClientConnection {
  const socket = new WebSocket(url, subprotocol);
  socket.binaryType = "arraybuffer";
  socket.addEventListener("open", () => events.onOpen());
  socket.addEventListener("message", ({ data }: { readonly data: unknown }) => {
    events.onMessage(typeof data === "string" ? data : new Uint8Array(data as ArrayBuffer));
  });
  socket.addEventListener("close", ({ code, reason }) => events.onClose(code, reason));
  return {
    send(message) {
      // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- the types of browsers know of bytes that may be shared with a thread
      if (socket.readyState === 1) socket.send(message as Uint8Array<ArrayBuffer>);
    },
    close: () => socket.close(),
  };
}
