import { openWebSocket } from "../network/open-web-socket.ts";
import { network } from "../network/page-network.ts";
import { Line, type LineOptions, type LineWorld, type Socket, type SocketListener } from "./line.ts";

const connect = network.over(openWebSocket);

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
  return connect(url.href, ["nexios.auth", token], {
    onOpen: () => {},
    onMessage: (data) => listener.onMessage(data),
    onClose: (code) => listener.onClose(code),
  });
}
