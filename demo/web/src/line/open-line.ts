import { Line, type LineOptions, type LineWorld, type Socket, type SocketListener } from "./line.ts";

/** A line of this browser to `path` on the page's own host. Call the result to end it. */
export function openLine(path: string, options: Omit<LineOptions, "world">): { readonly wake: () => void; readonly close: () => void } {
  const line = new Line({ ...options, world: browserWorld(path) });
  const stop = new AbortController();
  const wake = () => line.wake();
  addEventListener("online", wake, stop);
  document.addEventListener(
    "visibilitychange",
    () => {
      if (document.visibilityState === "visible") wake();
    },
    stop,
  );
  return {
    wake,
    close: () => {
      stop.abort();
      line.close();
    },
  };
}

function browserWorld(path: string): LineWorld {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return {
    openSocket: (token, listener) => openSocket(url, token, listener),
    now: () => Date.now(),
    random: () => Math.random(),
    after: (delayMs, task) => {
      const timer = setTimeout(task, delayMs);
      return () => clearTimeout(timer);
    },
  };
}

function openSocket(url: URL, token: string, listener: SocketListener): Socket {
  const peer = new WebSocket(url, ["nexios.auth", token]);
  peer.addEventListener("message", ({ data }) => listener.onMessage(data));
  peer.addEventListener("close", ({ code }) => listener.onClose(code));
  return {
    send: (text) => peer.send(text),
    close: () => {
      // To close before the handshake is over makes the browser write an error on the console.
      if (peer.readyState === WebSocket.CONNECTING) peer.addEventListener("open", () => peer.close());
      else peer.close();
    },
  };
}
