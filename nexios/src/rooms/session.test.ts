import { expect, test } from "vitest";
import { collectReports } from "../../../test/wire/collect-reports.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { ClientFrame, ReceivedClientFrame, ServerFrame } from "../protocol/frame.ts";
import { decodeClientFrames, decodeServerFrames } from "../protocol/json-decoding.ts";
import { encodeClientFrames } from "../protocol/json-client-encoding.ts";
import { jsonEncoding } from "../protocol/json-encoding.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import type { Gateway } from "./gateway.ts";
import { Session } from "./session.ts";
import type { Proof, SessionServices } from "./session-services.ts";

interface Opened {
  readonly session: Session;
  readonly frames: ServerFrame[];
  readonly endings: string[];
  /** What reached the rooms, and what they were told. */
  readonly rooms: string[];
  send(...frames: readonly ClientFrame[]): void;
}

const ann: Proof = { user: { id: "ann", name: "Ann" }, expiresAt: undefined };
const limits = { helloMs: 5_000, helloBytes: 1_000, messageBytes: 65_536, messageFrames: 256, waitingMessages: 64, waitingBytes: 262_144 };
const hello: ClientFrame = { kind: "hello", token: "t", client: undefined, inflates: true };

function leave(room: number): ClientFrame {
  return { kind: "leave", room };
}

function open(given: Partial<SessionServices> = {}): Opened {
  const frames: ServerFrame[] = [];
  const endings: string[] = [];
  const rooms: string[] = [];
  const gateway = {
    take: (frame: ReceivedClientFrame) => void rooms.push("room" in frame ? `${frame.kind} ${frame.room}` : frame.kind),
    drained: () => void rooms.push("drained"),
    ended: () => void rooms.push("ended"),
    retire: () => Promise.resolve(),
  };
  const session = new Session({
    line: {
      id: "line",
      encoding: jsonEncoding,
      unsentBytes: 0,
      send: (message) => void frames.push(...decodeServerFrames(message)),
      close: (name, reason) => void endings.push(`${name} ${reason}`),
    },
    clock: new ManualClock(),
    limits,
    decode: (message) => decodeClientFrames(message as string, { frames: 256 }),
    authenticate: () => Promise.resolve(ann),
    renew: () => Promise.resolve({ expiresAt: undefined }),
    now: () => 77,
    connect: (line) => {
      rooms.push(`${line.user.id} ${line.inflates === true ? "inflates" : ""}`);
      return gateway as unknown as Gateway;
    },
    ...given,
  });
  return { session, frames, endings, rooms, send: (...sent) => session.take(encodeClientFrames(sent)) };
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

test("what comes while the hello is proven reaches the rooms behind it, in order; pings are answered at once", async () => {
  const proof = Promise.withResolvers<Proof>();
  const { send, frames, rooms } = open({ authenticate: () => proof.promise });

  send(hello, leave(1));
  send(leave(2), { kind: "ping", sentAt: 5 });
  await turn();
  const early = [frames.map(({ kind }) => kind), [...rooms]];
  proof.resolve(ann);
  await turn();
  send(leave(3));

  expect(early).toEqual([["pong"], []]);
  expect(frames).toMatchObject([
    { kind: "pong", sentAt: 5, now: 77 },
    { kind: "welcome", now: 77, userId: "ann", name: "Ann" },
  ]);
  expect(rooms).toEqual(["ann inflates", "leave 1", "leave 2", "leave 3"]);
});

test("whoever leaves while the hello is proven never reaches the rooms", async () => {
  const proof = Promise.withResolvers<Proof>();
  const { send, session, frames, rooms } = open({ authenticate: () => proof.promise });

  send(hello, leave(1));
  session.ended();
  proof.resolve(ann);
  await turn();

  expect([frames, rooms]).toEqual([[], []]);
});

test.each([
  [new NexiosError("TOKEN_EXPIRED", "x", { status: 401 }), "UNAUTHORIZED TOKEN_EXPIRED", 0],
  [new NexiosError("FORBIDDEN", "x", { status: 403 }), "FORBIDDEN FORBIDDEN", 0],
  [new NexiosError("OVERLOADED", "x", { status: 503 }), "INTERNAL something failed on the server", 1],
  [new Error("secret"), "INTERNAL something failed on the server", 1],
])("what authentication throws closes the connection by a code: %s", async (thrown, ending, faults) => {
  using reports = collectReports();
  const { send, endings, rooms } = open({ authenticate: async () => Promise.reject(thrown) });

  send(hello);
  await turn();
  send(leave(1));

  expect([endings, rooms, reports.of("error").length]).toEqual([[ending], [], faults]);
});

test("a fault of our own in reading a message is reported, and the connection closed to come back", async () => {
  using reports = collectReports();
  const { send, endings, frames } = open({
    decode: () => {
      throw new TypeError("secret");
    },
  });

  send(hello);

  expect([endings, frames, reports.of("error").length]).toEqual([["INTERNAL something failed on the server"], [], 1]);
});

test("what should never be thrown hurts its own connection alone", async () => {
  using reports = collectReports();
  const { send, endings } = open({
    now: () => {
      throw new TypeError("secret");
    },
  });

  send(hello, { kind: "ping", sentAt: 1 });
  await turn();

  expect([endings, reports.of("error").length]).toEqual([["INTERNAL something failed on the server"], 1]);
});

test("a renewal that fails for a reason of the server's is told without it, and the connection goes on", async () => {
  using reports = collectReports();
  const { send, frames, endings, rooms } = open({ renew: () => Promise.reject(new Error("secret")) });
  send(hello);
  await turn();

  send({ kind: "renew", id: 4, token: "t" });
  await turn();
  send(leave(1));

  expect(frames.at(-1)).toMatchObject({ kind: "failed", id: 4, code: "INTERNAL", message: "The token could not be looked at" });
  expect([endings, rooms.at(-1), reports.of("error").length]).toEqual([[], "leave 1", 1]);
});

test("how long the token still holds is told with the welcome and with each renewal", async () => {
  const clock = new ManualClock();
  const expiresAt = clock.now() + 9_000;
  const { send, frames } = open({
    clock,
    authenticate: () => Promise.resolve({ ...ann, expiresAt }),
    renew: () => Promise.resolve({ expiresAt: expiresAt - 20_000 }),
  });

  send(hello);
  await turn();
  send({ kind: "renew", id: 4, token: "t" });
  await turn();

  expect(frames).toMatchObject([
    { kind: "welcome", expiresInMs: 9_000 },
    { kind: "renewed", expiresInMs: 0 },
  ]);
});

test("the end of the connection and of its backlog reaches the rooms, once", async () => {
  const { session, send, rooms } = open();
  send(hello);
  await turn();

  session.drained();
  session.ended();
  session.ended();

  expect(rooms.slice(1)).toEqual(["drained", "ended"]);
});
