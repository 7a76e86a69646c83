import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AuctionSocket } from "./auction-socket.ts";

let server: Server;
let port: number;

beforeEach(async () => {
  server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});

afterEach(() => new Promise<void>((resolve) => void server.close(() => resolve())));

const welcome = Buffer.from("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");

/** A frame of a server: no mask. */
function frame(opcode: number, payload: string): Buffer {
  const { length } = Buffer.from(payload);
  const head = length < 126 ? Buffer.from([0x80 | opcode, length]) : length < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10);
  head[0] = 0x80 | opcode;
  if (length >= 65_536) {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  } else if (length >= 126) {
    head[1] = 126;
    head.writeUInt16BE(length, 2);
  }
  return Buffer.concat([head, Buffer.from(payload)]);
}

/** Connects, and gives both ends with what came to each. */
async function open(): Promise<{
  readonly far: Socket;
  readonly socket: AuctionSocket;
  readonly texts: string[];
  readonly opened: Promise<void>;
  readonly ended: Promise<void>;
}> {
  const connection = once(server, "connection") as Promise<[Socket]>;
  const texts: string[] = [];
  const opened = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const socket = new AuctionSocket(port, { onOpen: opened.resolve, onText: (text) => texts.push(text), onEnd: ended.resolve });
  const [far] = await connection;
  await once(far, "data");
  return { far, socket, texts, opened: opened.promise, ended: ended.promise };
}

test("texts of all lengths come whole, however the bytes are cut", async () => {
  const { far, texts, ended } = await open();
  const sent = ["", "a", "é".repeat(62), "b".repeat(126), "c".repeat(70_000)];
  const bytes = Buffer.concat([welcome, ...sent.map((text) => frame(1, text)), frame(8, "")]);

  far.setNoDelay(true);
  for (let at = 0; at < bytes.length; at += at < 500 ? 1 : 9_999) far.write(bytes.subarray(at, at + (at < 500 ? 1 : 9_999)));
  await ended;

  expect(texts).toEqual(sent);
});

test("a text goes out masked with zeros, short and long, and a ping is answered with what it said", async () => {
  const { far, socket, opened } = await open();
  const answers: Buffer[] = [];
  far.on("data", (bytes: Buffer) => answers.push(bytes));

  far.write(Buffer.concat([welcome, frame(9, "still?")]));
  await opened;
  socket.send("hello");
  socket.send("x".repeat(126));
  while (Buffer.concat(answers).length < 12 + 11 + 134) await once(far, "data");

  const pong = Buffer.from([0x8a, 0x86, 0, 0, 0, 0, ...Buffer.from("still?")]);
  const short = Buffer.from([0x81, 0x85, 0, 0, 0, 0, ...Buffer.from("hello")]);
  const long = Buffer.from([0x81, 0xfe, 0, 126, 0, 0, 0, 0, ...Buffer.from("x".repeat(126))]);
  expect(Buffer.concat(answers).toSorted()).toEqual(Buffer.concat([pong, short, long]).toSorted());
  expect(Buffer.concat(answers).indexOf(Buffer.concat([short, long]))).toBeGreaterThanOrEqual(0);
  socket.end();
});

test("an answer other than a switch ends it, and it never was open", async () => {
  const { far, opened, ended } = await open();
  const first = Promise.race([opened.then(() => "open"), ended.then(() => "ended")]);

  far.write("HTTP/1.1 503 Service Unavailable\r\n\r\n");

  expect(await first).toBe("ended");
});

test("a port at which nobody listens ends it", async () => {
  const ended = Promise.withResolvers<void>();
  const nobody = createServer().listen(0, "127.0.0.1");
  await once(nobody, "listening");
  const address = nobody.address();
  await new Promise((resolve) => nobody.close(resolve));

  const socket = new AuctionSocket(typeof address === "object" && address !== null ? address.port : 0, {
    onOpen: () => expect.unreachable(),
    onText: () => expect.unreachable(),
    onEnd: ended.resolve,
  });
  await ended.promise;

  expect(() => socket.send("to nobody")).not.toThrow();
});
