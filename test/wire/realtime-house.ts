import { accept, defineRoom, NexiosApp, refuse, type AppOptions, type } from "nexios";
import type { Peer } from "nexios/testing";
import { z } from "zod";
import { toCallId } from "../../nexios/src/protocol/call-id.ts";
import { decodeBinaryServerFrames } from "../../nexios/src/protocol/binary-decoding.ts";
import { encodeBinaryClientFrames } from "../../nexios/src/protocol/binary-encoding.ts";
import type { ClientFrame, ServerFrame } from "../../nexios/src/protocol/frame.ts";
import { decodeServerFrames } from "../../nexios/src/protocol/json-decoding.ts";
import { encodeClientFrames } from "../../nexios/src/protocol/json-client-encoding.ts";
import { calm } from "./calm-load.ts";

export const secret = "a secret of thirty-two bytes at least";
export const json = "nexios.v1.json";
export const binary = "nexios.v1.bin";

type Of<Kind extends ServerFrame["kind"]> = Extract<ServerFrame, { readonly kind: Kind }>;

/** A list of words, which refuses to become too long. Calls wait in `prepare` for what a test lets go. */
const words = defineRoom("words/{id}", {
  log: "volatile",
  version: 2,
  entry: type<{ word: string }>(),
  state: type<readonly string[]>(),
  presence: type<{ at: number }>(),
  signals: { wave: type<string>() },
  calls: {
    say: { input: type<{ word: string }>(), result: type<number>(), refusals: { FULL: type<{ most: number }>() } },
    sayLater: { input: type<{ word: string }>() },
  },
  questions: { count: { result: type<number>() }, countLater: { result: type<number>() } },
}).fold([], (said, { word }) => [...said, word]);

/** What a test has a hand in. */
export interface Doorman {
  readonly banned: Set<string>;
  readonly from: Map<string, number>;
  leastVersion?: number;
  /** Calls that prepare, and what each waits for. */
  readonly waiting: { readonly signal: AbortSignal; readonly goOn: () => void }[];
}

export function createDoorman(): Doorman {
  return { banned: new Set(), from: new Map(), waiting: [] };
}

/** An app with that room. */
export function openApp(doorman: Doorman, options: AppOptions = {}): NexiosApp {
  const prepare = (_input: unknown, { signal }: { readonly signal: AbortSignal }): Promise<void> =>
    new Promise((resolve, reject) => {
      doorman.waiting.push({ signal, goOn: resolve });
      signal.addEventListener("abort", () => reject(signal.reason as Error));
    });
  const app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, ...options });
  return app.add(
    words.serve({
      ...(doorman.leastVersion !== undefined && { leastVersion: doorman.leastVersion }),
      authorize({ id }) {
        const count = doorman.from.get(id);
        if (doorman.banned.has(id)) return false;
        return count === undefined ? true : { from: { count } };
      },
      input: { say: z.object({ word: z.string() }), sayLater: z.object({ word: z.string() }) },
      presence: z.object({ at: z.number() }),
      signals: { wave: z.string() },
      prepare: { sayLater: prepare, countLater: prepare },
      decide: {
        say: (said, { word }) => (said.length < 400 ? accept({ word }, said.length + 1) : refuse("FULL", { most: 400 })),
        sayLater: (_said, { word }) => accept({ word }),
      },
      questions: { count: (said) => said.length, countLater: (said) => said.length },
    }),
  );
}

export function issue(app: NexiosApp, sub: string, expiresInSeconds = 3_600): Promise<string> {
  return app.tokens.issue({ sub }, { expiresInSeconds });
}

let ids = 0;

/** A call id that no other call has, made at a time. */
export function newCallId(now: number): string {
  const random = new Uint8Array(10);
  new DataView(random.buffer).setUint32(6, ++ids);
  return toCallId(now, random);
}

/** Somebody who speaks the protocol by hand. */
export class Visitor {
  readonly peer: Peer;
  /** All that has come and nobody has asked for. */
  readonly frames: ServerFrame[] = [];
  #lastId = 0;

  constructor(peer: Peer) {
    this.peer = peer;
  }

  get isBinary(): boolean {
    return this.peer.subprotocol === binary;
  }

  nextId(): number {
    return ++this.#lastId;
  }

  /** Sends the frames as one message. */
  send(...frames: readonly ClientFrame[]): void {
    if (this.isBinary) this.peer.sendBytes(encodeBinaryClientFrames(frames));
    else this.peer.sendText(encodeClientFrames(frames));
  }

  /** The next frame of a kind; those of other kinds stay. */
  async next<Kind extends ServerFrame["kind"]>(kind: Kind): Promise<Of<Kind>> {
    for (;;) {
      const at = this.frames.findIndex((frame) => frame.kind === kind);
      if (at >= 0) return this.frames.splice(at, 1)[0] as Of<Kind>;
      await this.#read();
    }
  }

  /** The reply to a request. */
  async reply(id: number): Promise<ServerFrame> {
    for (;;) {
      const at = this.frames.findIndex((frame) => "id" in frame && frame.id === id);
      const [frame] = at >= 0 ? this.frames.splice(at, 1) : [];
      if (frame !== undefined) return frame;
      await this.#read();
    }
  }

  hello(token?: string, more: { readonly inflates?: boolean } = {}): ClientFrame {
    return { kind: "hello", token, client: "test", inflates: more.inflates ?? false };
  }

  join(room: string, more: Partial<Extract<ClientFrame, { readonly kind: "join" }>> = {}): Extract<ClientFrame, { readonly kind: "join" }> {
    return { kind: "join", id: this.nextId(), room, version: 2, since: undefined, presence: undefined, ...more };
  }

  call(room: number, name: string, word: string, callId = newCallId(Date.now())): Extract<ClientFrame, { readonly kind: "call" }> {
    return { kind: "call", id: this.nextId(), room, name, input: { word }, callId, isRepeat: false };
  }

  /** Says hello and joins a room in one message; gives the room's number. */
  async enter(token: string, room = "words/1", more: Partial<Extract<ClientFrame, { readonly kind: "join" }>> = {}): Promise<number> {
    this.send(this.hello(token), this.join(room, more));
    return (await this.next("joined")).room;
  }

  /** Joins one more room. */
  async joinAlso(room: string): Promise<number> {
    const join = this.join(room);
    this.send(join);
    const joined = await this.reply(join.id);
    return joined.kind === "joined" ? joined.room : 0;
  }

  /** Calls `say`, and gives what came of it. */
  say(room: number, word: string): Promise<ServerFrame> {
    const call = this.call(room, "say", word);
    this.send(call);
    return this.reply(call.id);
  }

  /** The next words that were said, in order. */
  async heard(count: number): Promise<readonly string[]> {
    const heard: string[] = [];
    while (heard.length < count) heard.push(wordOf(await this.next("entry")));
    return heard;
  }

  async #read(): Promise<void> {
    const message = await this.peer.next();
    this.frames.push(...(typeof message === "string" ? decodeServerFrames(message) : decodeBinaryServerFrames(message)));
  }
}

function wordOf({ payload }: Of<"entry">): string {
  return (JSON.parse(Buffer.from(payload.bytes).toString("utf8")) as { word: string }).word;
}

/** Connects by a subprotocol, and says nothing yet. */
export async function visit(app: NexiosApp, options: { readonly subprotocol?: string; readonly token?: string } = {}): Promise<Visitor> {
  const { subprotocol = json, ...rest } = options;
  return new Visitor(await app.connect("/realtime", { subprotocols: [subprotocol], ...rest }));
}

/** Connects, says hello and joins a room. */
export async function visitRoom(
  app: NexiosApp,
  user: string,
  room = "words/1",
  subprotocol = json,
): Promise<{ readonly visitor: Visitor; readonly room: number }> {
  const visitor = await visit(app, { subprotocol });
  return { visitor, room: await visitor.enter(await issue(app, user), room) };
}
