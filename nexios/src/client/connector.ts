import type { ClientCore } from "./client-core.ts";
import { toBackoffMs } from "./backoff.ts";
import { createPingPlan, watchClocks } from "./clock-watch.ts";
import { throwLater } from "./listeners.ts";
import type { Wire } from "./received-frame.ts";
import { openSession, type Session } from "./session.ts";
import type { ClientStatus } from "./status.ts";
import { createTimer } from "./timer.ts";
import { createTokenKeeper } from "./token-keeper.ts";
import type { TokenSource } from "./token-source.ts";
import { toVerdict, unauthorized } from "./verdict.ts";

/** Where a client connects, and how. */
export interface ConnectorOptions {
  readonly urls: readonly string[];
  readonly wire: Wire;
  readonly token: TokenSource | undefined;
}

/** Keeps one connection, for ever: it comes back by itself, unless the server says that it must not. */
export interface Connector {
  readonly session: Session | undefined;
  /** Begins a try that is being waited for; after a refusal too. */
  retryNow(): void;
  /** To another process, where what is missing here may be had: each time twice as long after the last, until that is long ago. */
  move(): boolean;
  close(): void;
}

export function createConnector(client: ClientCore, { urls, wire, token }: ConnectorOptions): Connector {
  // A move for the sake of one room takes the others along: so rare must they be.
  const stayMs = 10_000;
  const longestStayMs = 600_000;
  const { world, limits } = client;
  const { clock } = world;
  const retry = createTimer(clock);
  const drain = createTimer(clock);
  const pings = createPingPlan(clock, limits.pingMs, () => session?.ping(limits.pongMs));
  const tokens = createTokenKeeper(client, token, () => session);
  const cancelWatch = watchClocks(clock, jumped);
  const cancelWake = world.onWake(wake);
  let session: Session | undefined;
  let failures = 0;
  /** Which of the addresses is tried next. */
  let turn = 0;
  let welcomeAt = Infinity;
  /** How often it went elsewhere of itself, and until when it stays. */
  let moves = 0;
  let stayUntil = -Infinity;
  let attempt = 0;

  async function connect(): Promise<void> {
    const mine = ++attempt;
    stop();
    set();
    const given = await tokens.get();
    if (mine !== attempt) return;
    if (!given) return wait();
    try {
      session = openSession(client, {
        wire,
        url: urls[turn % urls.length] ?? "",
        token: given.token,
        onWelcome({ userId, name, expiresInMs }) {
          welcomeAt = clock.monotonic();
          set("live", { hasConnected: true, user: { id: userId, name } });
          tokens.accepted(expiresInMs);
          pings.start();
        },
        // At a moment of its own, so that not all arrive elsewhere at once.
        onDrain({ afterMs, windowMs }) {
          if (!drain.isSet) drain.set(afterMs + world.random() * windowMs, () => leave(0));
        },
        onEnd: ended,
      });
      client.begin(session);
    } catch (error) {
      // No socket can be made, as where the page's policy forbids it.
      throwLater(error);
      session?.close();
      lost();
    }
  }

  function ended(code: number, reason: string): void {
    let verdict = toVerdict(code, reason);
    // What has run out was good: the next try is let in, or told more.
    if (verdict === "token" && (tokens.reject() || code !== unauthorized)) verdict = undefined;
    if (typeof verdict !== "string") return lost(verdict);
    drop();
    set(verdict === "outdated" ? verdict : "refused", { code });
    // What is pending may be sent by the page that comes after a reload.
    if (verdict !== "outdated") client.fail("UNAVAILABLE");
  }

  /** Nothing has failed here: it goes of itself. */
  function leave(afterMs?: number): void {
    session?.close();
    failures = 0;
    lost(afterMs);
  }

  function lost(afterMs?: number): void {
    if (clock.monotonic() - welcomeAt >= limits.steadyMs) failures = 0;
    welcomeAt = Infinity;
    turn++;
    drop();
    wait(afterMs);
  }

  /** @param afterMs Where the moment was named; otherwise it is drawn. */
  function wait(afterMs?: number): void {
    // Who was sent away before does not come in a hurry, whatever the server says.
    const waitMs = (afterMs ?? 0) + (afterMs === undefined || failures ? toBackoffMs(failures, client) : 0);
    failures++;
    set(world.isOnline() ? undefined : "offline", { retryAtMs: clock.monotonic() + waitMs });
    retry.set(waitMs, () => void connect());
  }

  function drop(): void {
    stop();
    session = undefined;
    client.begin(undefined);
  }

  function stop(): void {
    for (const each of [pings, tokens, retry, drain]) each.stop();
  }

  /** The machine or its network may have slept: a try that is waited for begins, and a line shows that it lives. */
  function wake(): void {
    if (retry.isSet) retryNow();
    else session?.ping(limits.wakePongMs);
  }

  /** A clock was set, or the machine has slept: what was known of the server's time is not any more, and the line may be dead. */
  function jumped(): void {
    client.clock.forget();
    if (session) pings.start();
    wake();
  }

  function retryNow(): void {
    if (!session && client.status.kind !== "closed") void connect();
  }

  /** @param kind A try begins, or is waited for, unless another one is given. */
  function set(kind: ClientStatus["kind"] = client.status.hasConnected ? "reconnecting" : "connecting", change?: Partial<ClientStatus>): void {
    client.set({ kind, failures, retryAtMs: undefined, code: undefined, ...change });
  }

  void connect();
  return {
    get session() {
      return session;
    },
    retryNow,
    move() {
      const now = clock.monotonic();
      if (!session || now < stayUntil) return false;
      moves = now < stayUntil + longestStayMs ? moves + 1 : 0;
      stayUntil = now + Math.min(longestStayMs, stayMs * 2 ** moves);
      leave();
      return true;
    },
    close() {
      attempt++;
      cancelWatch();
      cancelWake();
      session?.close();
      drop();
      set("closed");
    },
  };
}
