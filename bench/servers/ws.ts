import { WebSocket, WebSocketServer } from "ws";

import { announce } from "./announce.ts";

/** The heartbeat that the documentation of ws advises, at its 30 seconds. */
const HEARTBEAT_MS = 30_000;

const members = new Set<WebSocket>();
const alive = new WeakSet<WebSocket>();
const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });

server.on("connection", (socket, request) => {
  alive.add(socket);
  socket.on("pong", () => alive.add(socket));
  socket.on("error", () => socket.terminate());
  if (request.url === "/publish") {
    socket.on("message", (data: Buffer) => tellMembers(JSON.parse(data.toString())));
  } else {
    members.add(socket);
    socket.on("close", () => members.delete(socket));
  }
  socket.send(JSON.stringify({ joined: true }));
});

function tellMembers(message: unknown): void {
  const text = JSON.stringify(message);
  for (const member of members) {
    if (member.readyState === WebSocket.OPEN) member.send(text);
  }
}

setInterval(() => {
  for (const socket of server.clients) {
    if (!alive.delete(socket)) socket.terminate();
    else socket.ping();
  }
}, HEARTBEAT_MS);

server.on("listening", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") announce({ port: address.port });
});
