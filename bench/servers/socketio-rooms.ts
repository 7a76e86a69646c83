import { createServer } from "node:http";

import { Server } from "socket.io";

import { announce } from "./announce.ts";

const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false, connectionStateRecovery: {} });
let count = 0;

io.on("connection", (socket) => {
  const { room, acks } = socket.handshake.query;
  if (typeof room === "string") void socket.join(room);
  socket.on("m", (message: unknown, acknowledge: (result: unknown) => void) => {
    count++;
    acknowledge({ count });
    // A call without a room is for nobody else.
    if (typeof room !== "string") return;
    // With `acks` each member says that it has the message.
    if (acks === "1")
      io.to(room)
        .timeout(60_000)
        .emit("m", message, () => undefined);
    else io.to(room).emit("m", message);
  });
  socket.emit("m", { joined: true });
});

http.listen(0, "127.0.0.1", () => {
  const address = http.address();
  if (address !== null && typeof address === "object") announce({ port: address.port });
});
