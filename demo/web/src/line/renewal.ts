import type { LineWorld, TokenOutcome } from "./line.ts";

const beforeMs = 60_000;
/** Between two renewals: a clock that is wrong, or a server that gives short tokens, must not make a storm of them. */
const atLeastMs = 10_000;

/** How long a token is used before the next is asked for. */
function renewalDelayMs(expiresAt: number, now: number): number {
  return Math.max(0, expiresAt - beforeMs - now);
}

interface RenewalOptions {
  readonly world: Pick<LineWorld, "now" | "after">;
  token(fresh: true): Promise<TokenOutcome>;
  /** Hands a token over on the open socket. */
  send(text: string): void;
}

/** Keeps the token of one open socket fresh: the next one is handed over before the old one ends, and nobody notices. */
export class Renewal {
  readonly #options: RenewalOptions;
  #cancel: () => void = () => {};
  #stopped = false;

  constructor(options: RenewalOptions) {
    this.#options = options;
  }

  /** @param expiresAt of the token that the socket was opened with, in the browser's time */
  start(expiresAt: number): void {
    this.#after(renewalDelayMs(expiresAt, this.#options.world.now()));
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #after(delayMs: number): void {
    this.#cancel();
    this.#cancel = this.#options.world.after(delayMs, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    const outcome = await this.#options.token(true);
    // A refusal is not said here: the server ends the line when the old token does, and the line then asks again.
    if (this.#stopped || outcome.kind === "refused") return;
    if (outcome.kind === "unreachable") return this.#after(atLeastMs);
    this.#options.send(JSON.stringify({ type: "renew", token: outcome.token }));
    this.#after(Math.max(atLeastMs, renewalDelayMs(outcome.expiresAt, this.#options.world.now())));
  }
}
