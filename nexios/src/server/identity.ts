import type { Awaitable } from "./awaitable.ts";

/** Who is at the other end, as an authenticator vouches for it. */
export interface User {
  /** 1 to 256 characters, well formed, and not `nexios`, which is the server itself: `auth` refuses whoever has another one with TOKEN_INVALID. */
  readonly id: string;
  readonly name: string;
}

/** A user, and until when the proof holds. */
export interface Identity<U extends User = User> {
  readonly user: U;
  /** By the wall clock, in milliseconds since 1970. The connection ends with 4501 then, unless it is renewed. */
  readonly expiresAt?: number | undefined;
}

/** What a request or a first message brings to prove who sent it. */
export interface Credentials {
  /** A header by its name, whatever its case. */
  header(name: string): string | undefined;
  /** A cookie by its name. Who uses one must come from an allowed origin: that is checked for every request that asked for a cookie. */
  cookie(name: string): string | undefined;
  /** A bearer token: from the `Authorization` header, the subprotocol pair or a message. Never from a URL. */
  readonly token: string | undefined;
}

/**
 * Tells who it is. `undefined`: there is nothing of this kind, so that the next method is asked.
 * @throws NexiosError TOKEN_INVALID or TOKEN_EXPIRED when there is, and it proves nothing.
 */
export type Authenticate<U extends User = User> = (credentials: Credentials) => Awaitable<Identity<U> | undefined>;
