import type { Cancel } from "../world/clock.ts";
import { PingPlan, watchClocks } from "./clock-watch.ts";
import type { ClientCore } from "./client-core.ts";
import { throwLater } from "./listeners.ts";
import type { ReceivedFrame, Wire } from "./received-frame.ts";
import { Session } from "./session.ts";
import type { ClientStatus } from "./status.ts";
import { type TokenReason, TokenKeeper } from "./token-keeper.ts";
import { toVerdict, unauthorized } from "./verdict.ts";

type Of<Kind extends ReceivedFrame["kind"]> = Extract<ReceivedFrame, { readonly kind: Kind }>;

/** Where a client connects, and how. */
export interface ConnectorOptions {
  readonly urls: readonly string[];
  readonly wire: Wire;
  readonly token: ((reason: TokenReason) => string | undefined | Promise<string | undefined>) | undefined;
}

/** A move for the sake of one room takes the others along: so rare must they be. */
const stayMs = 10_000;
const longestStayMs = 600_000;

/** Keeps one connection, for ever: it comes back by itself, unless the server says that it must not. */
export class Connector {
  readonly #client: ClientCore;
  readonly #options: ConnectorOptions;
  readonly #pings: PingPlan;
  readonly #tokens: TokenKeeper;
  readonly #cancels: readonly Cancel[];
  session: Session | undefined;
  #failures = 0;
  /** Which of the addresses is tried next. */
  #at = 0;
  #welcomeAt = Infinity;
  /** How often it went elsewhere of itself, and until when it stays. */
  #moves = 0;
  #stayUntil = -Infinity;
  #attempt = 0;
  #cancelRetry: Cancel | undefined;
  #cancelDrain: Cancel | undefined;

  constructor(client: ClientCore, options: ConnectorOptions) {
    const { world, limits } = client;
    this.#client = client;
    this.#options = options;
    this.#pings = new PingPlan(world.clock, limits.pingMs, () => this.session?.ping(limits.pongMs));
    this.#tokens = new TokenKeeper({ token: options.token, clock: world.clock, limits, session: () => this.session });
    this.#cancels = [watchClocks(world.clock, () => this.#jumped()), world.onWake(() => this.wake())];
    void this.#connect();
  }

  /** How long to wait after so many failures: anything up to a bound that doubles with each ("full jitter", Brooker, AWS 2015). */
  backoffMs(failures: number): number {
    const { retryMs, longestRetryMs } = this.#client.limits;
    return Math.ceil(this.#client.world.random() * Math.min(longestRetryMs, retryMs * 2 ** Math.min(failures, 30)));
  }

  /** The machine or its network may have slept: a try that is waited for begins, and a line shows that it lives. */
  wake(): void {
    if (this.#cancelRetry !== undefined) this.retryNow();
    else this.session?.ping(this.#client.limits.wakePongMs);
  }

  /** Begins a try that is being waited for; after a refusal too. */
  retryNow(): void {
    if (this.session !== undefined || this.#client.status.kind === "closed") return;
    void this.#connect();
  }

  /** To another process, where what is missing here may be had: each time twice as long after the last, until that is long ago. */
  goElsewhere(): boolean {
    const now = this.#client.world.clock.monotonic();
    if (this.session === undefined || now < this.#stayUntil) return false;
    this.#moves = now < this.#stayUntil + longestStayMs ? this.#moves + 1 : 0;
    this.#stayUntil = now + Math.min(longestStayMs, stayMs * 2 ** this.#moves);
    this.session.close();
    // Nothing has failed here.
    this.#failures = 0;
    this.#lost();
    return true;
  }

  close(): void {
    this.#stop();
    for (const cancel of this.#cancels) cancel();
    this.session?.close();
    this.session = undefined;
    this.#set("closed");
  }

  async #connect(): Promise<void> {
    const attempt = ++this.#attempt;
    const { world, limits } = this.#client;
    const { urls, wire } = this.#options;
    this.#stop();
    this.#set(this.#trying);
    const given = await this.#tokens.get();
    if (attempt !== this.#attempt || this.#client.status.kind === "closed") return;
    if (given.kind === "failed") return this.#wait();
    const url = urls[this.#at % urls.length] ?? "";
    try {
      const session: Session = new Session(
        { world, limits, wire, url, token: given.token },
        {
          onWelcome: (frame) => this.#welcome(session, frame),
          onTime: (sentAt, now) => this.#client.clock.take(sentAt, world.clock.monotonic(), now),
          onDrain: (frame) => this.#drain(frame),
          onEnd: (code, reason) => this.#ended(session, code, reason),
        },
      );
      this.session = session;
      this.#client.begin(session);
    } catch (error) {
      // No socket can be made, as where the page's policy forbids it.
      throwLater(error);
      this.session?.close();
      this.#lost();
    }
  }

  #welcome(session: Session, frame: Of<"welcome">): void {
    if (this.session !== session) return;
    this.#welcomeAt = this.#client.world.clock.monotonic();
    this.#set("live", { hasConnected: true, user: { id: frame.userId, name: frame.name } });
    this.#tokens.accepted(frame.expiresInMs);
    this.#pings.start();
  }

  #ended(session: Session, code: number, reason: string): void {
    if (this.session !== session) return;
    const verdict = toVerdict(code, reason);
    const isRejected = verdict === "token" && !this.#tokens.reject();
    // What has run out was good: the next try is let in, or told more.
    const isFinal = verdict === "refused" || verdict === "outdated" || (isRejected && code === unauthorized);
    if (!isFinal) return this.#lost(typeof verdict === "number" ? verdict : undefined);
    this.#drop();
    // What is pending may be sent by the page that comes after a reload.
    if (verdict === "outdated") return this.#set("outdated", { code });
    this.#set("refused", { code });
    this.#client.fail("UNAVAILABLE");
  }

  #lost(afterMs?: number): void {
    const { world, limits } = this.#client;
    if (world.clock.monotonic() - this.#welcomeAt >= limits.steadyMs) this.#failures = 0;
    this.#welcomeAt = Infinity;
    this.#at++;
    this.#drop();
    this.#wait(afterMs);
  }

  /** @param afterMs Where the moment was named; otherwise it is drawn. */
  #wait(afterMs?: number): void {
    const { world } = this.#client;
    // Who was sent away before does not come in a hurry, whatever the server says.
    const drawnMs = afterMs === undefined || this.#failures > 0 ? this.backoffMs(this.#failures) : 0;
    const waitMs = (afterMs ?? 0) + drawnMs;
    this.#failures++;
    this.#set(world.isOnline() ? this.#trying : "offline", { retryAtMs: world.clock.monotonic() + waitMs });
    this.#cancelRetry = world.clock.after(waitMs, () => void this.#connect());
  }

  #drop(): void {
    this.#stop();
    this.session = undefined;
    this.#client.begin(undefined);
  }

  #stop(): void {
    this.#pings.stop();
    this.#tokens.stop();
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#cancelDrain?.();
    this.#cancelDrain = undefined;
  }

  /** Goes at a moment of its own, so that not all arrive elsewhere at once. */
  #drain({ afterMs, windowMs }: Of<"drain">): void {
    const { world } = this.#client;
    this.#cancelDrain ??= world.clock.after(Math.ceil(afterMs + world.random() * windowMs), () => {
      this.#failures = 0;
      this.session?.close();
      this.#lost(0);
    });
  }

  /** A clock was set, or the machine has slept: what was known of the server's time is not any more, and the line may be dead. */
  #jumped(): void {
    this.#client.clock.forget();
    if (this.#cancelRetry !== undefined) return this.retryNow();
    if (this.session?.isWelcome === true) this.#pings.start();
    this.session?.ping(this.#client.limits.wakePongMs);
  }

  get #trying(): "connecting" | "reconnecting" {
    return this.#client.status.hasConnected ? "reconnecting" : "connecting";
  }

  #set(kind: ClientStatus["kind"], change?: Partial<ClientStatus>): void {
    this.#client.set({ kind, failures: this.#failures, retryAtMs: undefined, code: undefined, ...change });
  }
}
