import type { CloseName } from "../protocol/codes.ts";
import { closeCodes } from "../protocol/codes.ts";
import type { ClientFrame, ServerFrame } from "../protocol/frame.ts";
import { decodeClientFrames } from "../protocol/json-decoding.ts";
import { jsonEncoding } from "../protocol/json-encoding.ts";
import { createRandom } from "../simulation/random.ts";
import { Scheduler } from "../simulation/scheduler.ts";
import { type Client, type ClientOptions, createClient } from "./client.ts";
import type { ClientConnection, ClientWorld, ConnectionEvents } from "./client-world.ts";
import { joinedBy } from "./sum.fixture.ts";

export type FrameOf<Kind extends ClientFrame["kind"]> = ClientFrame & { readonly kind: Kind };
type Answers = { -readonly [Kind in ClientFrame["kind"]]?: (frame: FrameOf<Kind>, line: Line) => void };

/** One message of the client. */
export interface Message {
  readonly at: number;
  readonly text: string;
  readonly frames: readonly ClientFrame[];
}

const decoder = new TextDecoder();
/** Two benches must not draw the same call ids. */
let benches = 0;

/** One connection that the client has tried, as its server has it. */
export class Line implements ClientConnection {
  readonly url: string;
  readonly subprotocol: string;
  readonly triedAt: number;
  readonly messages: Message[] = [];
  /** The client has closed it. */
  isClosed = false;
  readonly #bench: Bench;
  readonly #events: ConnectionEvents;

  constructor(bench: Bench, events: ConnectionEvents, to: { readonly url: string; readonly subprotocol: string }) {
    this.#bench = bench;
    this.#events = events;
    this.url = to.url;
    this.subprotocol = to.subprotocol;
    this.triedAt = bench.scheduler.now;
  }

  send(text: string | Uint8Array): void {
    // The tests speak JSON.
    const frames = decodeClientFrames(text as string, { frames: Infinity }).filter((frame): frame is ClientFrame => frame.kind !== "unknown");
    const { scheduler } = this.#bench;
    this.messages.push({ at: scheduler.now, text: text as string, frames });
    scheduler.after(0, () => {
      for (const frame of frames) this.#bench.answer(frame, this);
    });
  }

  close(): void {
    this.isClosed = true;
  }

  get frames(): readonly ClientFrame[] {
    return this.messages.flatMap(({ frames }) => frames);
  }

  open(): void {
    this.#events.onOpen();
  }

  /** Says frames in one message, whether the client still listens or not. */
  say(...frames: readonly ServerFrame[]): void {
    this.sayText(decoder.decode(jsonEncoding.join(frames.map((frame) => jsonEncoding.encode(frame)))));
  }

  sayText(text: string): void {
    this.#events.onMessage(text);
  }

  /** It ends; without a code the line was lost. */
  end(code: CloseName | number = 1006, reason = ""): void {
    this.#events.onClose(typeof code === "number" ? code : closeCodes[code], reason);
  }
}

/** One client in virtual time, and a server that does what a test says: it lets everybody in unless told otherwise. */
export class Bench {
  readonly scheduler = new Scheduler();
  /** All connections that were tried. */
  readonly lines: Line[] = [];
  readonly client: Client;
  /** What happens to a new connection. */
  onConnect: (line: Line) => void = (line) => line.open();
  /** What chance gives; anything unless told otherwise. */
  random: number | undefined;
  isOnline = true;
  /** How far the wall clock was set ahead. */
  wallAheadMs = 0;
  wake: () => void = () => {};
  readonly #random = createRandom(++benches);
  readonly answers: Answers = {
    hello: (_frame, line) => line.say(welcome),
    ping: ({ sentAt }, line) => line.say({ kind: "pong", sentAt, now: serverTime + this.scheduler.now }),
    join: (frame, line) => line.say(...joinedBy(frame)),
  };

  constructor({ world, ...options }: ClientOptions = {}) {
    this.client = createClient({ url: "ws://server/realtime", ...options, world: { ...this.#world, ...world } });
  }

  /** The newest connection. @throws TypeError before the first */
  get line(): Line {
    const line = this.lines.at(-1);
    if (line === undefined) throw new TypeError("Nothing was tried yet");
    return line;
  }

  /** All frames of a kind, over all connections. */
  of<Kind extends ClientFrame["kind"]>(kind: Kind): readonly FrameOf<Kind>[] {
    return this.lines.flatMap(({ frames }) => frames).filter((frame): frame is FrameOf<Kind> => frame.kind === kind);
  }

  answer(frame: ClientFrame, line: Line): void {
    // What answers a kind takes frames of that kind.
    (this.answers[frame.kind] as ((frame: ClientFrame, line: Line) => void) | undefined)?.(frame, line);
  }

  /** Longer than a message is gathered, unless told otherwise. */
  run(ms = 30): Promise<void> {
    return this.scheduler.run(ms);
  }

  get #world(): ClientWorld {
    const { scheduler } = this;
    return {
      clock: {
        now: () => serverTime + Math.floor(scheduler.now) + this.wallAheadMs,
        monotonic: () => scheduler.now,
        after: (delayMs, fire) => scheduler.after(delayMs, fire),
        afterTurn: (fire) => scheduler.afterTurn(fire),
      },
      random: () => this.random ?? this.#random.next(),
      connect: (url, subprotocol, events) => {
        const line = new Line(this, events, { url, subprotocol });
        this.lines.push(line);
        scheduler.after(0, () => this.onConnect(line));
        return line;
      },
      inflate: () => Promise.reject(new Error("This test inflates nothing")),
      isOnline: () => this.isOnline,
      onWake: (wake) => {
        this.wake = wake;
        return () => (this.wake = () => {});
      },
    };
  }
}

/** What the server's clock shows at the beginning. */
export const serverTime = Date.UTC(2030, 0, 1);

export const welcome: ServerFrame & { readonly kind: "welcome" } = {
  kind: "welcome",
  now: serverTime,
  userId: "ann",
  name: "Ann",
  expiresInMs: undefined,
  messageBytes: 65_536,
  messageFrames: 256,
};

/** Runs with uncaught errors of promise jobs caught, and gives them. */
export async function uncaughtOf(run: () => Promise<void>): Promise<readonly unknown[]> {
  const { queueMicrotask } = globalThis;
  const errors: unknown[] = [];
  globalThis.queueMicrotask = (job) =>
    queueMicrotask(() => {
      try {
        job();
      } catch (error) {
        errors.push(error);
      }
    });
  try {
    await run();
  } finally {
    globalThis.queueMicrotask = queueMicrotask;
  }
  return errors;
}
