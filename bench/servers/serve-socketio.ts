import { createServer } from "node:http";

import { Server, type ServerOptions } from "socket.io";

import { announce } from "./announce.ts";

/** Who tells it something tells everybody, on all processes that the adapter reaches. */
export function serveSocketio(options: Partial<ServerOptions> = {}): void {
  const http = createServer();
  const io = new Server(http, { transports: ["websocket"], serveClient: false, ...options });

  io.on("connection", (socket) => {
    // Parsed by socket.io already, as its users get it.
    socket.on("m", (message: unknown) => io.emit("m", message));
    socket.emit("m", { joined: true });
  });

  http.listen(0, "127.0.0.1", () => {
    const address = http.address();
    if (address !== null && typeof address === "object") announce({ port: address.port });
  });
}
