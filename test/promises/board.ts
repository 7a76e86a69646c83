import { accept, type AppOptions, defineRoom, NexiosApp, refuse, type } from "nexios";
import { type Client, type ClientOptions, type ClientRoom, createClient } from "nexios/client";
import type { ServedRoom } from "nexios/contract";
import { z } from "zod";
import { browserWorld } from "../../nexios/src/client/browser-world.ts";
import type { ClientConnection, ConnectionEvents } from "../../nexios/src/client/client-world.ts";
import { calm } from "../wire/calm-load.ts";

const secret = "a secret of thirty-two bytes at least";
const most = 1_000;

/** A list of notes, which refuses to become too long. */
export const board = defineRoom("board/{id}", {
  log: "volatile",
  entry: type<{ note: string }>(),
  state: type<readonly string[]>(),
  presence: type<{ at: number }>(),
  calls: {
    pin: { input: type<{ note: string }>(), result: type<number>(), refusals: { FULL: type<{ most: number }>() } },
    pinLater: { input: type<{ note: string }>() },
  },
}).fold([], (notes, { note }) => [...notes, note]);

export type Board = ClientRoom<typeof board>;

/** What a test has a hand in. */
export interface Keeper {
  readonly banned: Set<string>;
  /** Inputs that a decision has seen. */
  readonly decided: string[];
  /** The signals of calls that prepare: until they abort, nothing else ends them. */
  readonly preparing: AbortSignal[];
}

export function createKeeper(): Keeper {
  return { banned: new Set(), decided: [], preparing: [] };
}

export function serveBoard({ banned, decided, preparing } = createKeeper()): ServedRoom {
  const note = z.object({ note: z.string() });
  return board.serve({
    authorize: ({ id }) => !banned.has(id),
    input: { pin: note, pinLater: note },
    presence: z.object({ at: z.number() }),
    prepare: {
      pinLater: (_input, { signal }) =>
        new Promise<void>((_resolve, reject) => {
          preparing.push(signal);
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        }),
    },
    decide: {
      pin(notes, input) {
        decided.push(input.note);
        return notes.length < most ? accept(input, notes.length + 1) : refuse("FULL", { most });
      },
      pinLater: (_notes, input) => accept(input),
    },
  });
}

/** An app with a board, where calls and joins may be as many as a test wants. */
export function openBoards(keeper = createKeeper(), { rooms, ...options }: AppOptions = {}): NexiosApp {
  const unlimited = { perSecond: Infinity, burst: Infinity };
  const limits = { callRate: unlimited, joinRate: unlimited, ...rooms?.limits };
  return new NexiosApp({ auth: { jwt: { secret } }, load: calm, rooms: { ...rooms, limits }, ...options }).add(serveBoard(keeper));
}

/** A user's client over a WebSocket of Node, and the line to its server, as a test has it. */
export class Visitor implements AsyncDisposable {
  readonly client: Client;
  /** All messages of the client, over all connections. */
  readonly sent: string[] = [];
  /** How often it has opened a connection. */
  opened = 0;
  /** Told of each message that the client has read. */
  onRead: (message: string) => void = () => {};
  /** What the server says is lost on the way. */
  #isDeaf = false;
  #lose: () => void = () => {};

  constructor(app: NexiosApp, url: string, user: string, options: ClientOptions = {}) {
    this.client = createClient({
      url: `${url}/realtime`,
      token: () => app.tokens.issue({ sub: user }, { expiresInSeconds: 3_600 }),
      ...options,
      // Whoever draws nothing comes back at once.
      world: { random: () => 0, connect: (to, subprotocol, events) => this.#connect(to, subprotocol, events) },
    });
  }

  /** The client is told that its line is lost. Its server is not: there the connection stays. */
  lose(): void {
    this.#lose();
  }

  /** Loses its line before something happens, and is told of it afterwards. */
  async away(act: () => Promise<void>): Promise<void> {
    this.#isDeaf = true;
    await act();
    this.lose();
    this.#isDeaf = false;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.client.close();
  }

  #connect(url: string, subprotocol: string, events: ConnectionEvents): ClientConnection {
    let isLost = false;
    const connection = browserWorld.connect(url, subprotocol, {
      onOpen: () => {
        this.opened++;
        events.onOpen();
      },
      onMessage: (message) => {
        if (isLost || this.#isDeaf) return;
        events.onMessage(message);
        this.onRead(String(message));
      },
      onClose: (code, reason) => {
        if (!isLost) events.onClose(code, reason);
      },
    });
    this.#lose = () => {
      if (isLost) return;
      isLost = true;
      events.onClose(1006, "");
    };
    return {
      send: (message) => {
        this.sent.push(String(message));
        if (!isLost) connection.send(message);
      },
      close: () => {
        if (!isLost) connection.close();
      },
    };
  }
}

/** When it holds of what changes. */
export function when(subject: { onChange(listener: () => void): () => void }, holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const cancel = subject.onChange(() => look());
    const look = (): void => {
      if (!holds()) return;
      cancel();
      resolve();
    };
    look();
  });
}

/** A member's notes, once there are so many. */
export async function notesOf(room: Board, count: number): Promise<readonly string[]> {
  await when(room, () => (room.state?.length ?? 0) >= count && room.status.kind === "live");
  return room.state ?? [];
}

/** Pins notes in their order, as the server. */
export async function pinAll(app: NexiosApp, id: string, notes: readonly string[]): Promise<void> {
  const room = app.room(board, { id });
  // No more of one caller may wait.
  for (let at = 0; at < notes.length; at += 50) await Promise.all(notes.slice(at, at + 50).map((note) => room.call("pin", { note })));
}

/** `1` to `count`, as notes. */
export function notesTo(count: number): string[] {
  return Array.from({ length: count }, (_, at) => String(at + 1));
}
