import { type Broker } from "../broker/broker.ts";
import { createMemoryBroker } from "../broker/memory-broker.ts";
import { ChannelBox, type ChannelBoxOptions } from "../channels/channel-box.ts";
import { Emitter, type EventMap } from "../events/emitter.ts";
import { closeCodes } from "../protocol/codes.ts";
import { Admission, type Load, measureLoad } from "../server/admission.ts";
import type { Awaitable } from "../server/awaitable.ts";
import { toTrustedProxies } from "../server/client-address.ts";
import { Connections } from "../server/connections.ts";
import type { Edge } from "../server/edge.ts";
import type { ErrorHandler, HttpRoutes } from "../server/http.ts";
import type { Authenticate } from "../server/identity.ts";
import { createTokens, type JwtOptions, type Tokens } from "../server/jwt.ts";
import { type Limits, toLimits } from "../server/limits.ts";
import { Listener } from "../server/listener.ts";
import { toOriginRule } from "../server/origin.ts";
import { report } from "../world/report.ts";
import { Router } from "../server/router.ts";
import { buildRoutes } from "../server/routing.ts";
import { WriteTurn } from "../server/write-turn.ts";
import { WsEngine } from "../server/ws-engine.ts";
import { type Cancel, type Clock, repeat, systemClock } from "../world/clock.ts";
import { loadSecret } from "./secret.ts";
import { runUntilSignal } from "./signals.ts";

/** How an app proves who somebody is: `jwt` by its options, any other method by a function. */
export interface AuthMethods {
  readonly jwt?: JwtOptions | Authenticate;
  readonly [method: string]: JwtOptions | Authenticate | undefined;
}

/** Options of an app; none is needed. */
export interface AppOptions {
  readonly auth?: AuthMethods;
  readonly limits?: Partial<Limits>;
  /** Web pages of other hosts that may connect, as `https://app.example`. Those of the same host always may. */
  readonly origins?: readonly string[];
  /** Proxies whose `X-Forwarded-For` is believed, as addresses or ranges. */
  readonly trustedProxies?: readonly string[];
  readonly channels?: ChannelBoxOptions;
  readonly broker?: Broker;
  readonly clock?: Clock;
  /** Random numbers from 0 to 1, to spread the return of clients. */
  readonly random?: () => number;
  /** What the machine says of itself; it decides when new connections are refused. */
  readonly load?: Load;
  /** Where `NEXIOS_SECRET`, `NEXIOS_DATA` and `NODE_ENV` are read; the process's own unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Where an app listens. */
export interface Address {
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

export interface ListenOptions {
  /** 0 takes a free one. 3000 unless given. */
  readonly port?: number;
  /** 127.0.0.1 unless given, so that nothing is open to a network by accident. */
  readonly host?: string;
}

export interface StopOptions {
  /** After so long, what is still open is cut. 5 s unless given. */
  readonly deadlineMs?: number;
}

type Hook = () => Awaitable<void>;

const returnWithinMs = 2_000;

/**
 * A server of HTTP and WebSocket routes, with channels, groups and events. `Events` are the names and payloads of `app.events`.
 */
export class NexiosApp<Events extends EventMap = Record<never, never>> extends Router {
  /** The groups: channels come in with `addChannelToGroup`, messages go out with `groupSend`. */
  readonly channels: ChannelBox;
  /** Events inside this process. */
  readonly events = new Emitter<Events>();
  readonly #edge: Edge;
  readonly #broker: Broker;
  readonly #random: () => number;
  readonly #tokens: () => Tokens;
  readonly #errorHandlers: ErrorHandler[] = [];
  readonly #startHooks: Hook[] = [];
  readonly #stopHooks: Hook[] = [];
  readonly #tickers: { readonly everyMs: number; readonly run: Hook }[] = [];
  #cancels: Cancel[] = [];
  #routes: HttpRoutes | undefined;
  #listener: Listener | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: AppOptions = {}) {
    super();
    const clock = options.clock ?? systemClock;
    const limits = toLimits(options.limits);
    const turn = new WriteTurn((fire) => clock.afterTurn(fire), limits.turnBytes);
    const services = { clock, limits, turn };
    const { jwt, ...others } = options.auth ?? {};
    const env = options.env ?? process.env;
    this.#tokens = lazily(() => createTokens(typeof jwt === "function" ? {} : withSecret(jwt, env), clock));
    const authenticators = new Map<string, Authenticate>([
      ["jwt", typeof jwt === "function" ? jwt : (credentials) => this.#tokens().authenticate(credentials)],
    ]);
    for (const [method, authenticate] of Object.entries(others)) {
      if (typeof authenticate !== "function") throw new TypeError(`auth.${method} must be a function from credentials to an identity`);
      authenticators.set(method, authenticate);
    }
    this.#edge = {
      ...services,
      engine: new WsEngine(limits),
      connections: new Connections(services),
      admission: new Admission(clock, limits, options.load ?? measureLoad()),
      authenticators,
      origins: toOriginRule(options.origins ?? []),
      proxies: toTrustedProxies(options.trustedProxies ?? []),
    };
    this.#broker = options.broker ?? createMemoryBroker();
    this.#random = options.random ?? Math.random;
    this.channels = new ChannelBox(services, this.#broker, options.channels);
  }

  /** Tokens that `auth(["jwt"])` takes. @throws NexiosError SECRET_MISSING */
  get tokens(): Pick<Tokens, "issue"> {
    return this.#tokens();
  }

  /** Connections that are open now. */
  get connectionCount(): number {
    return this.#edge.connections.size;
  }

  /** Sees what handlers throw, HTTP and WebSocket alike (`c.var.ws` is then the connection). The first that returns a response answers. */
  onError(handler: ErrorHandler): this {
    this.#errorHandlers.push(handler);
    return this;
  }

  /** Runs before the app listens. */
  onStart(hook: Hook): this {
    this.#startHooks.push(hook);
    return this;
  }

  /** Runs when the app has stopped to listen and its connections are gone. */
  onStop(hook: Hook): this {
    this.#stopHooks.push(hook);
    return this;
  }

  /** Runs `run` each `everyMs` while the app listens; a run that takes longer delays the next, and one that fails is reported. */
  every(everyMs: number, run: Hook): this {
    this.#tickers.push({ everyMs, run });
    if (this.#listener !== undefined) this.#startTicker(everyMs, run);
    return this;
  }

  /** Answers a request without a port. */
  request(path: string, init: RequestInit = {}): Promise<Response> {
    const env = { edge: this.#edge, incoming: undefined, address: "local", upgrade: undefined };
    return this.#build().fetch(new Request(new URL(path, "http://localhost"), init), env, (error) => report("error", { where: "request", error }));
  }

  /**
   * Begins to listen.
   * @throws NexiosError PORT_IN_USE, or SECRET_MISSING in production.
   */
  async listen({ port = 3_000, host = "127.0.0.1" }: ListenOptions = {}): Promise<Address> {
    const listener = await this.start();
    const bound = await listener.listen(port, host).catch(async (error: unknown) => {
      await this.stop({ deadlineMs: 0 });
      throw error;
    });
    report("listening", { host, port: bound });
    return { url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`, host, port: bound };
  }

  /** Everything but the port: what `listen` does first, and all that a test without a port needs. */
  async start(): Promise<Listener> {
    if (this.#listener !== undefined) return this.#listener;
    // In production a missing secret stops the start, not the first login.
    this.#tokens();
    const listener = new Listener(this.#edge, this.#build());
    for (const hook of this.#startHooks) await hook();
    this.#listener = listener;
    this.#edge.admission.start();
    this.#edge.connections.start();
    this.channels.start();
    for (const { everyMs, run } of this.#tickers) this.#startTicker(everyMs, run);
    return listener;
  }

  /** Listens until SIGINT or SIGTERM, then stops; a second signal ends the process at once. */
  async run(options: ListenOptions & StopOptions = {}): Promise<Address> {
    const address = await this.listen(options);
    runUntilSignal(() => this.stop(options));
    return address;
  }

  /** Tells all connections to come back later (4503, the reason is a moment in milliseconds), waits for handlers, and cuts what is left at the deadline. */
  stop(options: StopOptions = {}): Promise<void> {
    return (this.#stopping ??= this.#stop(options.deadlineMs ?? 5_000));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(deadlineMs: number): Promise<void> {
    const { clock, connections, admission } = this.#edge;
    for (const cancel of this.#cancels) cancel();
    this.#cancels = [];
    this.#listener?.closeDoor();
    connections.closeAll(closeCodes.DRAIN, () => String(Math.floor(this.#random() * returnWithinMs)));
    const deadline = Promise.withResolvers<boolean>();
    const cancel = clock.after(deadlineMs, () => deadline.resolve(true));
    const late = await Promise.race([this.#listener?.settled().then(() => false), deadline.promise]);
    cancel();
    const forced = late === true ? connections.destroyAll() : 0;
    this.#listener?.destroyAll();
    connections.stop();
    admission.stop();
    this.channels.stop();
    await this.#broker.close();
    for (const hook of this.#stopHooks) await hook();
    report("stopped", { forced });
  }

  #build(): HttpRoutes {
    return (this.#routes ??= buildRoutes(this, { edge: this.#edge, errorHandlers: this.#errorHandlers }));
  }

  #startTicker(everyMs: number, run: Hook): void {
    let running = false;
    const tick = async (): Promise<void> => {
      if (running) return;
      running = true;
      try {
        await run();
      } catch (error) {
        report("error", { where: `every ${everyMs} ms`, error });
      } finally {
        running = false;
      }
    };
    this.#cancels.push(repeat(this.#edge.clock, everyMs, () => void tick()));
  }
}

function withSecret(options: JwtOptions | undefined, env: Readonly<Record<string, string | undefined>>): JwtOptions {
  const hasKey = options?.secret !== undefined || options?.keys !== undefined || options?.jwks !== undefined;
  return hasKey ? options : { ...options, secret: loadSecret({ env }) };
}

function lazily<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}
