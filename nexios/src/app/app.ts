import type { Broker } from "../broker/broker.ts";
import { ChannelBox } from "../channels/channel-box.ts";
import { Emitter, type EventMap } from "../events/emitter.ts";
import type { Subscription } from "../events/define-subscription.ts";
import type { Subscriptions } from "../events/subscriptions.ts";
import type { Params } from "../contract/path.ts";
import type { RoomFacts } from "../contract/room-contract.ts";
import type { ServedRoom } from "../contract/served-room.ts";
import type { Rooms } from "../rooms/rooms.ts";
import { ServerRoom } from "../rooms/server-room.ts";
import type { Metrics } from "../metrics/registry.ts";
import { NexiosError } from "../protocol/failure.ts";
import { createEndpoint } from "../endpoint/endpoint.ts";
import { Health } from "../health/health.ts";
import { serveHealth, type ServeHealthOptions } from "../health/serve-health.ts";
import type { Edge } from "../server/edge.ts";
import type { ErrorHandler, HttpRoutes, Middleware } from "../server/http.ts";
import type { Tokens } from "../server/jwt.ts";
import { Listener } from "../server/listener.ts";
import type { ConnectOptions, Peer } from "../server/peer.ts";
import { Router } from "../server/router.ts";
import { buildRoutes } from "../server/routing.ts";
import { report } from "../world/report.ts";
import { type AppOptions, layFoundation } from "./options.ts";
import { type Address, type ListenOptions, toAddress } from "./address.ts";
import { AppRooms } from "./app-rooms.ts";
import { connectInMemory } from "./memory-peer.ts";
import { OwnFigures } from "./own-figures.ts";
import { probeBroker, probeWhenOpen } from "./own-probes.ts";
import { runUntilSignal } from "./signals.ts";
import { type Hook, requireStopTimes, runSafely, stopApp, type StopOptions } from "./stop-app.ts";
import { AppStore } from "./app-store.ts";
import { TransactionScope } from "./transaction-scope.ts";
import { Tickers } from "./ticker.ts";

/**
 * A server of HTTP and WebSocket routes, with channels, groups and events. `Events` are the names and payloads of `app.events`.
 */
export class NexiosApp<Events extends EventMap = Record<never, never>> extends Router {
  /** The groups: channels come in with `addChannelToGroup`, messages go out with `groupSend`. */
  readonly channels: ChannelBox;
  /** Events inside this process. */
  readonly events = new Emitter<Events>();
  /** The app's own tables, and durable events that are emitted with what is written there. */
  readonly store: AppStore;
  /** What the app measures, and the framework of itself. */
  readonly metrics: Metrics;
  /** What reaches the other processes, as `redis` or `broker` says, for what they tell each other apart from rooms and groups; `undefined` where the app is alone. */
  readonly broker: Broker | undefined;
  readonly #edge: Edge;
  readonly #rooms: AppRooms;
  readonly #realtime: { readonly path: string; readonly endpoint: Middleware };
  readonly #random: () => number;
  readonly #tokens: () => Tokens;
  readonly #errorHandlers: ErrorHandler[] = [];
  readonly #startHooks: Hook[] = [];
  readonly #drainedHooks: Hook[] = [];
  readonly #stopHooks: Hook[] = [];
  readonly #tickers: Tickers;
  readonly #health: Health;
  readonly #transactions = new TransactionScope();
  #routes: HttpRoutes | undefined;
  #listener: Listener | undefined;
  #starting: Promise<Listener> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: AppOptions = {}) {
    super();
    const { edge, tokens, metrics, ...others } = layFoundation(options);
    const { broker } = others;
    this.#edge = edge;
    this.metrics = metrics;
    this.#tokens = tokens;
    this.broker = others.isAlone ? undefined : broker;
    this.#random = options.random ?? Math.random;
    const { clock, admission } = edge;
    const figures = new OwnFigures({ metrics, edge, broker, rooms: () => this.#rooms });
    this.onStart(() => figures.start()).onDrained(() => figures.stop());
    this.#tickers = new Tickers(clock);
    this.#health = new Health({ clock, random: this.#random, metrics });
    probeBroker(this.#health, broker);
    this.#rooms = new AppRooms({
      ...others,
      clock,
      figures,
      isOverloaded: () => admission.isOverloaded(),
      env: options.env ?? process.env,
      options: options.rooms ?? {},
      random: this.#random,
      callRoom: (contract, params, { name, ...call }) => this.room(contract, params).call(name as never, call.input as never, { callId: call.callId }),
      migrations: () => this.store.migrations,
      inTransaction: (run) => this.#transactions.run(run),
      ...probeWhenOpen(this.#health),
      requireNoTransaction: () => this.#transactions.requireNone(),
    });
    this.store = new AppStore(
      async (use) => {
        await this.#startIfNot();
        return this.#rooms.useStore(use);
      },
      { scope: this.#transactions, rooms: this.#rooms },
    );
    const { path = "/realtime", auth = ["jwt"] } = options.realtime ?? {};
    this.#realtime = { path, endpoint: createEndpoint({ auth, rooms: () => this.#rooms.served }) };
    this.channels = new ChannelBox({ connections: edge, broker, isAlone: others.isAlone }, options.channels);
  }

  /** Tokens that `auth(["jwt"])` takes. @throws NexiosError SECRET_MISSING */
  get tokens(): Pick<Tokens, "issue"> {
    return this.#tokens();
  }

  /** Connections that are open now. */
  get connectionCount(): number {
    return this.#edge.connections.size;
  }

  /** The app's subscriptions, while it runs: how far they are behind, what they have given up. @throws NexiosError STOPPED */
  get subscriptions(): Pick<Subscriptions, "lag" | "deadLetters" | "replay" | "replayAll" | "dismiss"> {
    return this.#rooms.subscriptions;
  }

  /** Probes of what the app depends on, and what they have found. */
  get health(): Pick<Health, "probe" | "report"> {
    return this.#health.use();
  }

  /** Tells a supervisor whether the app is alive and a load balancer whether it is ready, at `/health/live` and `/health/ready`. Middleware that was added before runs around it. */
  serveHealth(options?: ServeHealthOptions): this {
    serveHealth(this, this.#health.use(), options);
    return this;
  }

  /** Serves rooms, to clients at `/realtime` or where the option `realtime` says, and runs subscriptions. @throws TypeError once the app has started, for two rooms that one name can be of, and for a path that begins with `nexios` or makes such a name. */
  add(...parts: readonly (ServedRoom | Subscription)[]): this {
    const wasEmpty = this.#rooms.isEmpty;
    this.#rooms.add(parts);
    const { path, endpoint } = this.#realtime;
    return wasEmpty && !this.#rooms.isEmpty ? this.wsRoute(path, endpoint, neverReached) : this;
  }

  /** One room, to be called from a route or a timer. @throws TypeError for parameters that the contract's path does not take. */
  room<C extends RoomFacts>(contract: C, params: Params<C["path"]>): ServerRoom<C> {
    return new ServerRoom(
      contract,
      params,
      (use) => this.#useRooms(use),
      () => this.#transactions.requireNone(),
    );
  }

  /** Has a user's right to be in rooms asked again, on every process: in the room of the name, or in all. Change first what `authorize` looks at. @throws NexiosError UNAVAILABLE */
  async withdraw(userId: string, room?: string): Promise<void> {
    await this.#useRooms((rooms) => rooms.withdraw(userId, room));
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

  /** Runs when the connections are gone, while rooms and store still answer: what is not written yet is written here. */
  onDrained(hook: Hook): this {
    this.#drainedHooks.push(hook);
    return this;
  }

  /** Runs when the app has stopped to listen, and its connections, rooms and store are gone. */
  onStop(hook: Hook): this {
    this.#stopHooks.push(hook);
    return this;
  }

  /** Runs `run` each `everyMs` while the app listens; a run that takes longer delays the next, and one that fails is reported. */
  every(everyMs: number, run: Hook): this {
    this.#tickers.add(everyMs, run);
    return this;
  }

  /** Answers a request without a port. */
  request(path: string, init: RequestInit = {}): Promise<Response> {
    const env = { edge: this.#edge, incoming: undefined, address: "local", upgrade: undefined };
    return this.#build().fetch(new Request(new URL(path, "http://localhost"), init), env, (error) => report("error", { where: "request", error }));
  }

  /** Everything but the port: hooks, tickers and timers. `listen` and `connect` do it too. */
  async start(): Promise<void> {
    await this.#start();
  }

  /** Opens a WebSocket without a port: the real handshake and frames, over a pair of streams in memory. @throws HandshakeRefused when the app answers with an HTTP status. */
  async connect(path: string, options: ConnectOptions = {}): Promise<Peer> {
    if (!path.startsWith("/")) throw new TypeError(`A path begins with a slash: "/${path}"`);
    const { server } = await this.#start();
    return connectInMemory(server, path, { ...options, unsentBytes: this.#edge.limits.unsentBytes });
  }

  /**
   * Begins to listen. After PORT_IN_USE the app is started all the same: listen elsewhere, or stop it.
   * @throws NexiosError PORT_IN_USE, ALREADY_LISTENING, STOPPED, or SECRET_MISSING in production; TypeError for a port that is none.
   */
  async listen({ port = 3_000, host = "127.0.0.1" }: ListenOptions = {}): Promise<Address> {
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new TypeError(`The port must be a number from 0 to 65535, not ${port}`);
    const listener = await this.#start();
    const bound = await listener.listen(port, host);
    report("listening", { host, port: bound });
    return toAddress(host, bound);
  }

  /** Listens until SIGINT or SIGTERM, then stops; a second signal ends the process at once. */
  async run(options: ListenOptions & StopOptions = {}): Promise<Address> {
    requireStopTimes(options);
    const address = await this.listen(options);
    runUntilSignal(() => this.stop(options));
    return address;
  }

  /**
   * Is not ready from this moment on. Tells all connections to come back later (4503, the reason is a moment in milliseconds), waits for handlers, then for calls to rooms,
   * and cuts what is left at the deadline: calls that have not been decided by then fail with UNAVAILABLE.
   */
  stop(options: StopOptions = {}): Promise<void> {
    requireStopTimes(options);
    return (this.#stopping ??= this.#stop(options));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #start(): Promise<Listener> {
    // Whoever asks while it starts gets the same start.
    this.#starting ??= this.#startOnce().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }

  async #startOnce(): Promise<Listener> {
    this.#requireUnstopped();
    // In production a missing secret stops the start, not the first login.
    this.#tokens();
    const listener = new Listener(this.#edge, this.#build());
    try {
      await this.#rooms.start();
      for (const hook of this.#startHooks) await hook();
      this.#requireUnstopped();
    } catch (error) {
      // Whoever starts again begins anew; whoever does not holds no file.
      await runSafely("closing the rooms", () => this.#rooms.close());
      throw error;
    }
    this.#listener = listener;
    this.#edge.admission.start();
    this.#edge.connections.start();
    this.channels.start();
    this.#tickers.start();
    this.#health.start();
    return listener;
  }

  /** At once when they are open: a start hook may call a room. */
  async #useRooms<Value>(use: (rooms: Rooms) => Promise<Value>): Promise<Value> {
    await this.#startIfNot();
    return this.#rooms.use(use);
  }

  async #startIfNot(): Promise<void> {
    // A start hook would wait for the start that waits for it.
    if (this.#rooms.isOpen) return;
    this.#requireUnstopped();
    await this.#start();
  }

  #requireUnstopped(): void {
    if (this.#stopping !== undefined) throw new NexiosError("STOPPED", "This app has been stopped: make another one");
  }

  #stop(options: StopOptions): Promise<void> {
    const parts = { edge: this.#edge, listener: this.#listener, tickers: this.#tickers, channels: this.channels, rooms: this.#rooms, broker: this.broker };
    return stopApp({ ...parts, health: this.#health, drainedHooks: this.#drainedHooks, stopHooks: this.#stopHooks, random: this.#random }, options);
  }

  #build(): HttpRoutes {
    return (this.#routes ??= buildRoutes(this, { edge: this.#edge, errorHandlers: this.#errorHandlers }));
  }
}

/** The endpoint answers whatever comes to it. */
function neverReached(): void {}
