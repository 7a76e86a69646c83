import { NexiosApp } from "nexios";
import { connect } from "nexios/testing";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { calm } from "./calm-load.ts";
import { clientFrame, closeCodeOf, closeFrame, opcodes } from "./client-frames.ts";
import { type CollectedReports, collectReports } from "./collect-reports.ts";
import { openRawWebSocket } from "./raw-socket.ts";

const limits = { connectionsPerAddress: Infinity, connectsPerAddress: { perSecond: Infinity, burst: Infinity } };
const app = new NexiosApp({ auth: { jwt: { secret: "x".repeat(32) } }, load: calm, limits });
const received: unknown[] = [];
app.wsRoute("/", async (ws) => {
  await ws.accept();
  for (;;) received.push(await ws.receiveText());
});
app.wsRoute("/echo", async (ws) => {
  await ws.accept();
  for (;;) await ws.sendText(await ws.receiveText());
});
let port = 0;
let reports: CollectedReports;
beforeAll(async () => {
  reports = collectReports();
  ({ port } = await app.listen({ port: 0 }));
});
afterEach(() => {
  if (reports.of("error").length > 0 || received.length > 0) throw new Error("A handler has failed, or has heard of it");
});
afterAll(async () => {
  await app.stop();
  reports[Symbol.dispose]();
});

const { text, binary, continuation, close, ping, pong } = opcodes;
const badUtf8 = Uint8Array.of(0x61, 0xc0, 0xaf);
const fragments = (...payloads: (string | Uint8Array)[]): Buffer =>
  Buffer.concat(payloads.map((payload, at) => clientFrame(at === 0 ? text : continuation, payload, { fin: at === payloads.length - 1 })));

const broken: readonly (readonly [string, number, Uint8Array])[] = [
  ["a text that is not UTF-8", 1007, clientFrame(text, badUtf8)],
  ["a text with half of a surrogate pair", 1007, clientFrame(text, Uint8Array.of(0xed, 0xa0, 0x80))],
  ["a text cut within a character", 1007, clientFrame(text, Uint8Array.of(0xe2, 0x82))],
  ["fragments that are not UTF-8 together", 1007, fragments("a", badUtf8)],
  ["an unmasked frame", 1002, clientFrame(text, "a", { masked: false })],
  ...[1, 2, 3, 4, 5, 6, 7].map((reserved) => [`reserved bits ${reserved}`, 1002, clientFrame(text, "a", { reserved })] as const),
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => [`the reserved opcode ${opcode}`, 1002, clientFrame(opcode, "a")] as const),
  ["a length of 2^40", 1009, clientFrame(text, "a", { length: 2n ** 40n })],
  ["a length of 2^53", 1009, clientFrame(text, "a", { length: 2n ** 53n })],
  ["a length of 2^64 - 1", 1009, clientFrame(text, "a", { length: 2n ** 64n - 1n })],
  ["a bomb of 64 MiB that says that it is compressed", 1002, clientFrame(binary, "a", { reserved: 4, length: 64n * 1024n * 1024n })],
  ["a ping of 126 bytes", 1002, clientFrame(ping, "x".repeat(126))],
  ["a close of 126 bytes", 1002, closeFrame(1000, "x".repeat(124))],
  ["a ping in fragments", 1002, clientFrame(ping, "a", { fin: false })],
  ["a close in fragments", 1002, clientFrame(close, "", { fin: false })],
  ["a continuation of nothing", 1002, clientFrame(continuation, "a")],
  ["a new message within another", 1002, Buffer.concat([clientFrame(text, "a", { fin: false }), clientFrame(text, "b")])],
  ["a close of one byte", 1002, clientFrame(close, Uint8Array.of(3))],
  ["a close whose reason is not UTF-8", 1007, clientFrame(close, Uint8Array.of(3, 232, 0xc0, 0xaf))],
  ...[0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map(
    (code) => [`a close with the code ${code}`, 1002, closeFrame(code)] as const,
  ),
];

test.each(broken)("%s is answered with %i, and no handler hears of it", async (_what, code, bytes) => {
  const raw = await openRawWebSocket(port);

  await raw.write(bytes);
  await raw.until(({ frames }) => closeCodeOf(frames) !== undefined);
  raw.destroy();

  expect(closeCodeOf(raw.frames)).toBe(code);
});

const orderly = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999];

test.each(orderly)("a close with the code %i is answered with the same, and the socket ends", async (code) => {
  const raw = await openRawWebSocket(port);

  await raw.write(closeFrame(code, "x".repeat(123)));
  await raw.ended;

  expect(closeCodeOf(raw.frames)).toBe(code);
});

test("a close without a code is answered without one, and nothing that comes behind it is heard", async () => {
  const raw = await openRawWebSocket(port);

  await raw.write(Buffer.concat([closeFrame(), clientFrame(text, "too late")]));
  await raw.ended;

  expect(raw.frames).toEqual([{ opcode: close, payload: Buffer.alloc(0) }]);
});

test("a frame may come byte by byte, and a control frame between fragments", async () => {
  const raw = await openRawWebSocket(port, "/echo");

  for (const byte of clientFrame(text, "grüße")) await raw.write(Uint8Array.of(byte));
  await raw.until(({ frames }) => frames.length === 1);
  await raw.write(Buffer.concat([clientFrame(text, "a", { fin: false }), clientFrame(ping, "p"), clientFrame(continuation, "b")]));
  await raw.until(({ frames }) => frames.filter(({ opcode }) => opcode === text).length === 2);
  raw.destroy();

  expect(raw.frames.map(({ opcode, payload }) => [opcode, payload.toString()])).toEqual([
    [text, "grüße"],
    [pong, "p"],
    [text, "ab"],
  ]);
});

test("a client that offers permessage-deflate gets none", async () => {
  const raw = await openRawWebSocket(port, "/echo", ["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x-webkit-deflate-frame"]);

  await raw.write(clientFrame(text, "a".repeat(1_000)));
  await raw.until(({ frames }) => frames.length === 1);
  raw.destroy();

  expect(raw.text.toLowerCase()).not.toContain("sec-websocket-extensions");
  expect(raw.frames[0]!.payload.toString()).toBe("a".repeat(1_000));
});

const floods: readonly (readonly [string, Buffer])[] = [
  ["300,000 empty fragments", Buffer.concat([clientFrame(text, "", { fin: false }), repeated(clientFrame(continuation, "", { fin: false }), 300_000)])],
  ["200,000 fragments of one byte", Buffer.concat([clientFrame(text, "a", { fin: false }), repeated(clientFrame(continuation, "a", { fin: false }), 200_000)])],
];

test.each(floods)("%s end the connection long before they are all read", async (_what, bytes) => {
  const raw = await openRawWebSocket(port);

  await raw.write(bytes);
  await raw.until(({ frames, over }) => over || closeCodeOf(frames) !== undefined);
  raw.destroy();

  expect([1008, undefined]).toContain(closeCodeOf(raw.frames));
});

test("who sends 200,000 pings and reads no pong is cut off, and nothing is left of it", async () => {
  const raw = await openRawWebSocket(port);
  const before = process.memoryUsage().external;
  raw.pause();

  for (let sent = 0; sent < 200_000 && !raw.over; sent += 2_000) await raw.write(repeated(clientFrame(ping, "x".repeat(125)), 2_000));
  raw.resume();
  await raw.ended;

  // What it sent alone has 26 MB.
  expect(process.memoryUsage().external - before).toBeLessThan(16_000_000);
});

test("a good client is served after all of them", async () => {
  const peer = await connect(`http://127.0.0.1:${port}`, "/echo");

  peer.sendText("still here");

  expect(await peer.next()).toBe("still here");
  peer.close();
  await peer.closed;
});

function repeated(frame: Buffer, count: number): Buffer {
  return Buffer.alloc(frame.length * count, frame);
}
