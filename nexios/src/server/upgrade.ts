import type { Edge } from "./edge.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Identity, User } from "./identity.ts";
import { OpenConnection } from "./open-connection.ts";
import { parseSubprotocols, selectSubprotocol } from "./subprotocol.ts";
import type { UpgradeRequest } from "./ws-engine.ts";

/** How to accept. */
export interface AcceptOptions {
  /** The application's subprotocols, the preferred first: the first that the peer offers is selected. */
  readonly subprotocols?: readonly string[];
  /** Headers beside those of the handshake. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Renews a connection's proof with another token of the same user. */
type Renew = (token: string) => Promise<Identity>;

/** A request on its way to become a WebSocket: who it is, and, once accepted, its connection. */
export class Upgrade {
  readonly offered;
  /** Its connection goes on when its handler has returned. */
  outlivesHandler = false;
  readonly #edge: Edge;
  /** Until it is accepted: a connection that lives for hours keeps neither its request nor what waited for it. */
  #request: UpgradeRequest | undefined;
  #onAccepted: (() => void) | undefined;
  #opening: Promise<OpenConnection> | undefined;
  #open: OpenConnection | undefined;
  #identity: Identity | undefined;
  #renew: Renew | undefined;
  #refused = false;

  constructor(edge: Edge, request: UpgradeRequest, onAccepted: () => void) {
    this.#edge = edge;
    this.#request = request;
    this.#onAccepted = onAccepted;
    this.offered = parseSubprotocols(request.request.headers["sec-websocket-protocol"]);
  }

  /** The connection, once accepted. */
  get open(): OpenConnection | undefined {
    return this.#open;
  }

  get user(): User | undefined {
    return this.#identity?.user;
  }

  /** The handler has said no before it accepted. */
  get refused(): boolean {
    return this.#refused;
  }

  /** The peer is gone, or has been refused, or told to go. */
  get ended(): boolean {
    return this.#refused || (this.#open === undefined ? this.#request?.socket.destroyed === true : this.#open.ending !== undefined);
  }

  refuse(): void {
    this.#refused = true;
  }

  /**
   * Completes the handshake; the first call decides.
   * @throws NexiosError CONNECTION_CLOSED when the peer has left.
   */
  accept(options: AcceptOptions = {}): Promise<OpenConnection> {
    return (this.#opening ??= this.#accept(options));
  }

  /** Says who it is; `renew` checks another token of his. */
  identify(identity: Identity, renew: Renew): void {
    this.#identity = identity;
    this.#renew = renew;
    if (this.#open !== undefined) this.#edge.connections.identify(this.#open, identity.user.id, identity.expiresAt);
  }

  /**
   * Takes a new token in place of one that runs out.
   * @throws NexiosError TOKEN_INVALID, TOKEN_EXPIRED, or FORBIDDEN for a token of somebody else.
   */
  async renew(token: string): Promise<User> {
    if (this.#renew === undefined) throw new TypeError("Only a route behind auth([...]) can renew");
    const identity = await this.#renew(token);
    if (identity.user.id !== this.#identity?.user.id) throw new NexiosError("FORBIDDEN", "The token is another user's", { status: 403 });
    this.identify(identity, this.#renew);
    return identity.user;
  }

  async #accept({ subprotocols = [], headers = {} }: AcceptOptions): Promise<OpenConnection> {
    const request = this.#request;
    if (this.#refused || request === undefined) throw new NexiosError("CONNECTION_CLOSED", "The connection was refused before");
    const answer = { subprotocol: selectSubprotocol(this.offered, subprotocols), headers };
    let open: OpenConnection | undefined;
    await this.#edge.engine.accept(request, answer, (transport) => (open = new OpenConnection(transport, this.#edge)));
    // The engine has called back, or thrown.
    const accepted = (this.#open = open!);
    this.#edge.connections.add(accepted);
    if (this.#identity !== undefined) this.#edge.connections.identify(accepted, this.#identity.user.id, this.#identity.expiresAt);
    this.#onAccepted?.();
    this.#request = undefined;
    this.#onAccepted = undefined;
    return accepted;
  }
}
