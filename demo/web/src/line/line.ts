import { retryDelayMs } from "./backoff.ts";
import { Renewal } from "./renewal.ts";
import { toVerdict } from "./verdict.ts";

/** Where a line stands. `since`: when it was last lost, or first wanted, in the browser's time. */
export type LineStatus =
  | { readonly kind: "connecting"; readonly since: number }
  | { readonly kind: "open" }
  | { readonly kind: "waiting"; readonly since: number; readonly retryAt: number }
  | { readonly kind: "refused"; readonly code: number };

/** `expiresAt`: in the browser's time, milliseconds. */
export type TokenOutcome =
  | { readonly kind: "token"; readonly token: string; readonly expiresAt: number }
  | { readonly kind: "unreachable" }
  | { readonly kind: "refused" };

/** The part of a WebSocket that a line uses. */
export interface Socket {
  send(text: string): void;
  close(): void;
}

export interface SocketListener {
  onMessage(data: unknown): void;
  onClose(code: number): void;
}

/** What a test replaces: the socket, the clock and chance. */
export interface LineWorld {
  openSocket(token: string, listener: SocketListener): Socket;
  now(): number;
  random(): number;
  after(delayMs: number, task: () => void): () => void;
}

export interface LineOptions {
  readonly world: LineWorld;
  /** @param fresh true if the token that we have is not to be used again */
  token(fresh: boolean): Promise<TokenOutcome>;
  onText(text: string): void;
  onStatus(status: LineStatus): void;
}

/** The server speaks once a second; a socket that is silent this long is dead, even if nobody closed it. */
const silenceMs = 10_000;

/** A connection that comes back by itself, for ever, unless the server says that it must not. */
export class Line {
  readonly #options: LineOptions;
  #status: LineStatus;
  #socket: Socket | undefined;
  #renewal: Renewal | undefined;
  #cancelTimer: () => void = () => {};
  #attempt = 0;
  #tokenIsSpent = false;
  #lastTokenWasFresh = false;
  #closed = false;

  constructor(options: LineOptions) {
    this.#options = options;
    this.#status = { kind: "connecting", since: options.world.now() };
    void this.#connect();
  }

  /** Tries at once if a try is being waited for: for the person's button, and for a network or tab that wakes. */
  wake(): void {
    if (this.#status.kind === "waiting") void this.#connect();
  }

  close(): void {
    this.#closed = true;
    this.#drop();
  }

  async #connect(): Promise<void> {
    this.#drop();
    this.#setStatus({ kind: "connecting", since: this.#lostSince() });
    const outcome = await this.#options.token(this.#tokenIsSpent);
    if (this.#closed) return;
    if (outcome.kind === "refused") return this.#setStatus({ kind: "refused", code: 4401 });
    if (outcome.kind === "unreachable") return this.#wait();
    this.#lastTokenWasFresh = this.#tokenIsSpent;
    this.#tokenIsSpent = false;
    this.#open(outcome);
  }

  #open({ token, expiresAt }: { readonly token: string; readonly expiresAt: number }): void {
    let heard = false;
    // What an abandoned socket still has to say is not for a line that has moved on.
    const socket = this.#options.world.openSocket(token, {
      onMessage: (data) => {
        if (this.#socket !== socket) return;
        this.#watchSilence();
        if (!heard) {
          this.#setStatus({ kind: "open" });
          renewal.start(expiresAt);
        }
        heard = true;
        this.#attempt = 0;
        if (typeof data === "string") this.#options.onText(data);
      },
      onClose: (code) => {
        if (this.#socket === socket) this.#lost(code, heard);
      },
    });
    this.#socket = socket;
    const renewal = new Renewal({ ...this.#options, send: (text) => socket.send(text) });
    this.#renewal = renewal;
    this.#watchSilence();
  }

  #lost(code: number, heard: boolean): void {
    this.#drop();
    const verdict = toVerdict(code);
    if (verdict.kind === "refused") return this.#setStatus(verdict);
    if (code === 4401 && this.#lastTokenWasFresh && !heard) return this.#setStatus({ kind: "refused", code });
    // A handshake that the server refuses looks to a browser like a dead network, so the token is under suspicion too.
    this.#tokenIsSpent = verdict.kind === "renew" || !heard;
    this.#wait();
  }

  #wait(): void {
    const { world } = this.#options;
    const delayMs = retryDelayMs(this.#attempt++, world.random());
    this.#setStatus({ kind: "waiting", since: this.#lostSince(), retryAt: world.now() + delayMs });
    this.#cancelTimer = world.after(delayMs, () => void this.#connect());
  }

  #watchSilence(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.world.after(silenceMs, () => {
      this.#drop();
      this.#wait();
    });
  }

  #drop(): void {
    this.#cancelTimer();
    this.#renewal?.stop();
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #lostSince(): number {
    return "since" in this.#status ? this.#status.since : this.#options.world.now();
  }

  #setStatus(status: LineStatus): void {
    this.#status = status;
    this.#options.onStatus(status);
  }
}
