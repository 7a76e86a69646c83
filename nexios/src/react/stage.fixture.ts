import type { ReactElement } from "react";
import { NexiosApp } from "../app/app.ts";
import { browserWorld } from "../client/browser-world.ts";
import { type Client, type ClientConnection, type ClientLimits, type ConnectionEvents, createClient } from "../client/index.ts";
import type { ServedRoom } from "../contract/served-room.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { boards, canvases } from "./board.fixture.ts";
import { Page } from "./page.fixture.ts";

/** Somebody with a client, under a clock that the test moves. */
export interface Visitor {
  readonly client: Client;
  readonly clock: ManualClock;
  /** Frames that were sent, and messages that came, each with one frame or several. */
  readonly sent: string[];
  readonly received: string[];
  isOnline: boolean;
  /** Breaks the line; as long as it is cut no other comes about. */
  cut(): void;
  mend(): void;
  /** Ends the line as a server does. */
  close(code: number): void;
}

/** A real app with real connections, and pages that show components to visitors. */
export class Stage {
  readonly app: NexiosApp;
  readonly url: string;
  readonly #visitors: Visitor[] = [];
  readonly #pages: Page[] = [];

  private constructor(app: NexiosApp, url: string) {
    this.app = app;
    this.url = url;
  }

  /** `clock`: the server's, for tests that move it. `folder`: of durable rooms. */
  static async open(clock?: ManualClock, rooms: readonly ServedRoom[] = [boards, canvases], folder?: string): Promise<Stage> {
    const auth = { jwt: { secret: "0123456789abcdef0123456789abcdef" } };
    const app = new NexiosApp({
      auth,
      env: {},
      origins: ["http://localhost:3000"],
      ...(clock !== undefined && { clock }),
      ...(folder !== undefined && { rooms: { folder } }),
    }).add(...rooms);
    return new Stage(app, (await app.listen({ port: 0 })).url);
  }

  visit(name: string, limits: Partial<ClientLimits> = {}): Visitor {
    const clock = new ManualClock();
    const lines = new Map<ClientConnection, ConnectionEvents>();
    let isCut = false;
    let draws = 0;
    const visitor: Visitor = {
      clock,
      sent: [],
      received: [],
      isOnline: true,
      cut() {
        isCut = true;
        for (const line of lines.keys()) line.close();
        lines.clear();
      },
      mend: () => (isCut = false),
      close(code) {
        for (const events of lines.values()) events.onClose(code, "");
      },
      client: createClient({
        url: `${this.url}/realtime`,
        token: () => this.app.tokens.issue({ sub: name, name }, { expiresInSeconds: 3_600 }),
        // What waits in these tests waits for the network, or for the clock that the test moves.
        limits: { gatherMs: 0, presenceMs: 0, ...limits },
        world: {
          clock,
          // No two alike, and none so small that a try comes before the test looks.
          random: () => 0.5 + ((++draws * 0.618) % 1) / 2,
          isOnline: () => visitor.isOnline,
          onWake: () => () => {},
          connect(url, subprotocol, events) {
            if (isCut) setImmediate(() => events.onClose(1006, ""));
            if (isCut) return { send() {}, close() {} };
            const line = browserWorld.connect(url, subprotocol, {
              onOpen: () => events.onOpen(),
              onClose: (code, reason) => events.onClose(code, reason),
              onMessage(message) {
                visitor.received.push(String(message));
                events.onMessage(message);
              },
            });
            lines.set(line, events);
            return {
              close: () => line.close(),
              send(message) {
                visitor.sent.push(...String(message).split("\n"));
                line.send(message);
              },
            };
          },
        },
      }),
    };
    this.#visitors.push(visitor);
    return visitor;
  }

  /** Shows an element as React does in development, where each effect runs twice; `isStrict: false`: as it does for users. */
  show({ client }: Visitor, element: ReactElement | null, { isStrict = true } = {}): Page {
    const page = new Page(client, isStrict);
    this.#pages.push(page);
    page.show(element);
    return page;
  }

  async close(): Promise<void> {
    for (const page of this.#pages) page.close();
    for (const { client } of this.#visitors) await client.close();
    await this.app.stop({ deadlineMs: 100 });
  }
}
