import { connect, Socket } from "node:net";
import { Readable } from "node:stream";
import * as fc from "fast-check";
import { NexiosApp } from "nexios";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { encodeBinaryClientFrames } from "../../nexios/src/protocol/binary-encoding.ts";
import { anyClientFrame } from "../../nexios/src/protocol/frames.fixture.ts";
import { encodeClientFrames } from "../../nexios/src/protocol/json-client-encoding.ts";
import { calm } from "./calm-load.ts";
import { clientFrame, type Frame, opcodes } from "./client-frames.ts";
import { RawSocket, turn, upgradeHead } from "./raw-socket.ts";

type Message = string | Buffer;

interface OnWire {
  readonly message: Message;
  /** Where it is cut into fragments. */
  readonly fragments: readonly number[];
  readonly mask: Uint8Array;
  /** A ping follows each fragment. */
  readonly ping: boolean;
}

const limits = {
  connectionsPerAddress: Infinity,
  connectsPerAddress: { perSecond: Infinity, burst: Infinity },
  messagesPerConnection: { perSecond: Infinity, burst: Infinity },
};
const app = new NexiosApp({ auth: { jwt: { secret: "x".repeat(32) } }, load: calm, limits });
let received: Message[] = [];
app.wsRoute("/echo", async (ws) => {
  await ws.accept();
  for (;;) {
    const message = await ws.open.inbox.next();
    received.push(typeof message === "string" ? message : Buffer.from(message));
    await (typeof message === "string" ? ws.sendText(message) : ws.sendBytes(message));
  }
});
let port = 0;
let chunks = 0;
beforeAll(async () => {
  ({ port } = await app.listen({ port: 0 }));
});
beforeEach(() => {
  const push = Reflect.get(Readable.prototype, "push") as (this: Readable, ...given: readonly unknown[]) => boolean;
  vi.spyOn(Readable.prototype, "push").mockImplementation(function (this: Readable, ...given) {
    if (this instanceof Socket && this.localPort === port) chunks++;
    return push.apply(this, given);
  });
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => app.stop());

/** The frames as a client of ours sends them, in both of their forms; and messages at the borders of RFC 6455's three forms of a length. */
const message: fc.Arbitrary<Message> = fc.oneof(
  { arbitrary: fc.array(anyClientFrame, { maxLength: 3 }).map(encodeClientFrames), weight: 4 },
  { arbitrary: fc.array(anyClientFrame, { maxLength: 3 }).map((frames) => Buffer.from(encodeBinaryClientFrames(frames))), weight: 4 },
  { arbitrary: fc.constantFrom(0, 125, 126, 127, 65_535, 65_536).map((length) => Buffer.alloc(length, "nexios")), weight: 1 },
  { arbitrary: fc.constantFrom(125, 126, 65_536).map((length) => "é".repeat(length / 2).padEnd(length - Math.floor(length / 2), "x")), weight: 1 },
);
const places = fc.array(fc.nat({ max: 1_000_000 }), { maxLength: 4 });
const onWire: fc.Arbitrary<OnWire> = fc.record({ message, fragments: places, mask: fc.uint8Array({ minLength: 4, maxLength: 4 }), ping: fc.boolean() });

test("any split of a byte stream gives the same messages", async () => {
  let pieces = 0;

  await fc.assert(
    fc.asyncProperty(fc.array(onWire, { minLength: 1, maxLength: 5 }), fc.array(fc.nat({ max: 1_000_000 }), { maxLength: 12 }), async (sent, cuts) => {
      const stream = Buffer.concat(sent.map(toStream));
      const expected = sent.map(({ message: each }) => each);
      received = [];

      const raw = await openSocket();
      for (const piece of cut(stream, cuts)) {
        pieces++;
        await raw.write(piece);
        await turn();
      }
      await raw.until(({ frames }) => frames.filter(isMessage).length === sent.length);
      raw.destroy();

      expect(received).toEqual(expected);
      expect(raw.frames.filter(isMessage).map(toMessage)).toEqual(expected);
    }),
    { numRuns: 150 },
  );

  expect(pieces).toBeGreaterThan(500);
  // The server has had most of them one by one; the system may still join some.
  expect(chunks).toBeGreaterThan(pieces / 2);
});

test("a stream that comes byte by byte gives the same messages", async () => {
  const sent = fc.sample(onWire, { seed: 7, numRuns: 12 }).filter(({ message: each }) => each.length < 200);
  received = [];

  const raw = await openSocket();
  for (const byte of Buffer.concat(sent.map(toStream))) {
    await raw.write(Uint8Array.of(byte));
    await turn();
  }
  await raw.until(({ frames }) => frames.filter(isMessage).length === sent.length);
  raw.destroy();

  expect(sent.length).toBeGreaterThan(5);
  expect(received).toEqual(sent.map(({ message: each }) => each));
});

/** Without Nagle's algorithm: each piece leaves by itself. */
async function openSocket(): Promise<RawSocket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const raw = new RawSocket(socket);
  await raw.write(upgradeHead("/echo"));
  await raw.until(({ text }) => text.includes("\r\n\r\n"));
  return raw;
}

/** A message in as many fragments as there are places, each masked; a ping may stand between them. */
function toStream({ message: each, fragments, mask, ping }: OnWire): Buffer {
  const first = typeof each === "string" ? opcodes.text : opcodes.binary;
  const payloads = cut(Buffer.from(each as string), fragments);
  const frames = payloads.map((payload, index) =>
    masked(clientFrame(index === 0 ? first : opcodes.continuation, payload, { fin: index === payloads.length - 1 }), payload.length, mask),
  );
  return Buffer.concat(ping ? frames.flatMap((frame) => [frame, masked(clientFrame(opcodes.ping, "p"), 1, mask)]) : frames);
}

function masked(frame: Buffer, payloadLength: number, mask: Uint8Array): Buffer {
  const start = frame.length - payloadLength;
  frame.set(mask, start - 4);
  for (let index = 0; index < payloadLength; index++) frame[start + index]! ^= mask[index % 4]!;
  return frame;
}

function cut(whole: Buffer, at: readonly number[]): readonly Buffer[] {
  const borders = [0, ...at.map((place) => place % (whole.length + 1)).toSorted((a, b) => a - b), whole.length];
  return borders.slice(1).map((to, index) => whole.subarray(borders[index], to));
}

function isMessage({ opcode }: Frame): boolean {
  return opcode === opcodes.text || opcode === opcodes.binary;
}

function toMessage({ opcode, payload }: Frame): Message {
  return opcode === opcodes.text ? payload.toString("utf8") : Buffer.from(payload);
}
