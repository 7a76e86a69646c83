import type { Cancel, Clock } from "../world/clock.ts";
import type { ClientLimits } from "./limits.ts";
import type { ReplyFrame } from "./received-frame.ts";
import type { Session } from "./session.ts";

/** Why a token is asked for: there was none yet, the one there is runs out, or a server did not take it. */
export type TokenReason = "first" | "expiring" | "rejected";

/** What keeping a token needs. */
export interface TokenServices {
  readonly token: ((reason: TokenReason) => string | undefined | Promise<string | undefined>) | undefined;
  readonly clock: Clock;
  readonly limits: ClientLimits;
  session(): Session | undefined;
}

/** A token, or why there is none: it could not be had now. */
type Given = { readonly kind: "token"; readonly token: string | undefined } | { readonly kind: "failed" };

/** No server reads a longer one. */
const mostLength = 8_192;

/** The token of a client: asked for when it is needed, and renewed over the open connection. */
export class TokenKeeper {
  readonly #services: TokenServices;
  #token: string | undefined;
  /** Why the next one must be asked for; `undefined`: the one that is here is good. */
  #reason: TokenReason | undefined = "first";
  /** It was asked for after a rejection, and has not been taken since. */
  #isFresh = false;
  #expiresAt = Infinity;
  #cancel: Cancel | undefined;

  constructor(services: TokenServices) {
    this.#services = services;
  }

  async get(): Promise<Given> {
    const { token, clock, limits } = this.#services;
    if (this.#reason === undefined && clock.monotonic() >= this.#expiresAt) this.#reason = "expiring";
    const reason = this.#reason;
    if (token === undefined || reason === undefined) return { kind: "token", token: this.#token };
    const late = Promise.withResolvers<never>();
    const cancel = clock.after(limits.connectMs, () => late.reject(new Error("No token in time")));
    try {
      const given = await Promise.race([token(reason), late.promise]);
      if (given !== undefined && (typeof given !== "string" || given.length > mostLength))
        throw new TypeError(`A token is a text of at most ${mostLength} characters`);
      this.#token = given;
    } catch {
      // It can't be had now, as where there is no network: the next try asks again.
      return { kind: "failed" };
    } finally {
      cancel();
    }
    this.#reason = undefined;
    this.#expiresAt = Infinity;
    this.#isFresh = reason === "rejected";
    return { kind: "token", token: this.#token };
  }

  /** A server has taken it, for so long. */
  accepted(expiresInMs: number | undefined): void {
    const { clock, limits } = this.#services;
    this.stop();
    this.#isFresh = false;
    this.#expiresAt = clock.monotonic() + (expiresInMs ?? Infinity);
    if (expiresInMs === undefined || this.#services.token === undefined) return;
    this.#cancel = clock.after(Math.max(expiresInMs - limits.renewMs, expiresInMs / 2), () => void this.#renew("expiring"));
  }

  /** A server did not take it. False: a new one would not help. */
  reject(): boolean {
    this.#reason = "rejected";
    return this.#services.token !== undefined && !this.#isFresh;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  async #renew(reason: TokenReason): Promise<void> {
    const session = this.#services.session();
    this.#reason = reason;
    const given = await this.get();
    if (session === undefined || session !== this.#services.session()) return;
    if (given.kind === "failed") {
      // As long as the old one holds.
      this.#cancel = this.#services.clock.after(this.#services.limits.retryMs, () => void this.#renew(reason));
      return;
    }
    if (given.token === undefined) return;
    const take = (frame: ReplyFrame): void => {
      session.forget(id);
      if (frame.kind === "renewed") this.accepted(frame.expiresInMs);
      // Once: after that the connection ends with the old one, and the next asks again.
      else if (reason === "expiring") void this.#renew("rejected");
    };
    const id = session.newId(take);
    session.send({ kind: "renew", id, token: given.token });
  }
}
