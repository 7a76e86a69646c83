import type { Broker } from "../broker/broker.ts";
import { createMemoryBroker } from "../broker/memory-broker.ts";
import { ChannelBox } from "../channels/channel-box.ts";
import { Emitter, type EventMap } from "../events/emitter.ts";
import type { Params } from "../contract/path.ts";
import type { RoomFacts } from "../contract/room-contract.ts";
import type { ServedRoom } from "../contract/served-room.ts";
import type { Rooms } from "../rooms/rooms.ts";
import { ServerRoom } from "../rooms/server-room.ts";
import { closeCodes } from "../protocol/codes.ts";
import { NexiosError } from "../protocol/failure.ts";
import { createEndpoint } from "../endpoint/endpoint.ts";
import type { Awaitable } from "../server/awaitable.ts";
import type { Edge } from "../server/edge.ts";
import type { ErrorHandler, HttpRoutes, Middleware } from "../server/http.ts";
import type { Tokens } from "../server/jwt.ts";
import { Listener } from "../server/listener.ts";
import type { ConnectOptions, Peer } from "../server/peer.ts";
import { Router } from "../server/router.ts";
import { buildRoutes } from "../server/routing.ts";
import { type Cancel, endsWithin } from "../world/clock.ts";
import { report } from "../world/report.ts";
import { type AppOptions, layFoundation } from "./options.ts";
import { AppRooms } from "./app-rooms.ts";
import { connectInMemory } from "./memory-peer.ts";
import { runUntilSignal } from "./signals.ts";
import { returnWithinMs, toCutAfterMs, unwindMs } from "./stop-times.ts";
import { startTicker } from "./ticker.ts";

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

interface Ticker {
  readonly everyMs: number;
  readonly run: Hook;
}

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
  readonly #rooms: AppRooms;
  readonly #realtime: { readonly path: string; readonly endpoint: Middleware };
  readonly #random: () => number;
  readonly #tokens: () => Tokens;
  readonly #errorHandlers: ErrorHandler[] = [];
  readonly #startHooks: Hook[] = [];
  readonly #stopHooks: Hook[] = [];
  readonly #tickers: Ticker[] = [];
  #cancels: Cancel[] = [];
  #routes: HttpRoutes | undefined;
  #listener: Listener | undefined;
  #starting: Promise<Listener> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: AppOptions = {}) {
    super();
    const { edge, tokens } = layFoundation(options);
    this.#edge = edge;
    this.#tokens = tokens;
    this.#broker = options.broker ?? createMemoryBroker();
    this.#random = options.random ?? Math.random;
    const isAlone = options.broker === undefined;
    const { clock, admission } = edge;
    const isOverloaded = (): boolean => admission.isOverloaded();
    this.#rooms = new AppRooms({ broker: this.#broker, isAlone, clock, isOverloaded, env: options.env ?? process.env, options: options.rooms ?? {} });
    const { path = "/realtime", auth = ["jwt"] } = options.realtime ?? {};
    this.#realtime = { path, endpoint: createEndpoint({ auth, rooms: () => this.#rooms.served }) };
    this.channels = new ChannelBox(edge, this.#broker, options.channels);
  }

  /** Tokens that `auth(["jwt"])` takes. @throws NexiosError SECRET_MISSING */
  get tokens(): Pick<Tokens, "issue"> {
    return this.#tokens();
  }

  /** Connections that are open now. */
  get connectionCount(): number {
    return this.#edge.connections.size;
  }

  /** Serves rooms, to clients at `/realtime` or where the option `realtime` says. @throws TypeError once the app has started, for two rooms that one name can be of, and for a path that begins with `nexios` or makes such a name. */
  add(...rooms: readonly ServedRoom[]): this {
    const isFirst = this.#rooms.isEmpty;
    this.#rooms.add(rooms);
    const { path, endpoint } = this.#realtime;
    return isFirst && rooms.length > 0 ? this.wsRoute(path, endpoint, neverReached) : this;
  }

  /** One room, to be called from a route or a timer. @throws TypeError for parameters that the contract's path does not take. */
  room<C extends RoomFacts>(contract: C, params: Params<C["path"]>): ServerRoom<C> {
    return new ServerRoom(contract, params, (use) => this.#useRooms(use));
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

  /** Runs when the app has stopped to listen and its connections are gone. */
  onStop(hook: Hook): this {
    this.#stopHooks.push(hook);
    return this;
  }

  /** Runs `run` each `everyMs` while the app listens; a run that takes longer delays the next, and one that fails is reported. */
  every(everyMs: number, run: Hook): this {
    if (!(everyMs > 0)) throw new TypeError(`A ticker runs each so many milliseconds, above 0, not ${everyMs}`);
    const ticker = { everyMs, run };
    this.#tickers.push(ticker);
    if (this.#listener !== undefined) this.#startTicker(ticker);
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
    return { url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`, host, port: bound };
  }

  /** Listens until SIGINT or SIGTERM, then stops; a second signal ends the process at once. */
  async run(options: ListenOptions & StopOptions = {}): Promise<Address> {
    const address = await this.listen(options);
    runUntilSignal(() => this.stop(options));
    return address;
  }

  /**
   * Tells all connections to come back later (4503, the reason is a moment in milliseconds), waits for handlers, then for calls to rooms, and cuts what is left at the
   * deadline: calls that have not been decided by then fail with UNAVAILABLE.
   */
  stop(options: StopOptions = {}): Promise<void> {
    return (this.#stopping ??= this.#stop(options.deadlineMs ?? 5_000));
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
      await this.#runSafely("closing the rooms", () => this.#rooms.close());
      throw error;
    }
    this.#listener = listener;
    this.#edge.admission.start();
    this.#edge.connections.start();
    this.channels.start();
    for (const ticker of this.#tickers) this.#startTicker(ticker);
    return listener;
  }

  /** At once when they are open: a start hook may call a room. */
  async #useRooms<Value>(use: (rooms: Rooms) => Promise<Value>): Promise<Value> {
    if (!this.#rooms.isOpen) {
      // A start hook would wait for the start that waits for it.
      this.#requireUnstopped();
      await this.#start();
    }
    return this.#rooms.use(use);
  }

  #requireUnstopped(): void {
    if (this.#stopping !== undefined) throw new NexiosError("STOPPED", "This app has been stopped: make another one");
  }

  async #stop(deadlineMs: number): Promise<void> {
    const { clock, connections, admission } = this.#edge;
    const startedAt = clock.monotonic();
    for (const cancel of this.#cancels) cancel();
    this.#cancels = [];
    this.#listener?.closeDoor();
    const reason = (): string => String(Math.floor(this.#random() * returnWithinMs));
    const cutAfterMs = toCutAfterMs(deadlineMs);
    // Who waits for a reply may get it, if that leaves time for a close in good order.
    connections.closeAll(closeCodes.DRAIN, reason, "settled");
    const cancelHurry = clock.after(cutAfterMs / 2, () => connections.closeAll(closeCodes.DRAIN, reason));
    const settled = this.#listener?.settled() ?? Promise.resolve();
    const forced = (await endsWithin(clock, cutAfterMs, settled)) ? 0 : connections.destroyAll();
    cancelHurry();
    this.#listener?.destroyAll();
    if (forced > 0) await endsWithin(clock, deadlineMs - cutAfterMs, settled);
    connections.stop();
    admission.stop();
    this.channels.stop();
    const leftMs = Math.max(unwindMs, startedAt + deadlineMs - clock.monotonic());
    if (!(await endsWithin(clock, leftMs, this.#runStopHooks(toCutAfterMs(leftMs))))) {
      report("error", { where: "stop", error: new Error(`A stop hook had not ended after ${deadlineMs} ms`) });
    }
    report("stopped", { forced });
  }

  async #runStopHooks(callsMs: number): Promise<void> {
    await this.#runSafely("closing the rooms", () => this.#rooms.stop(callsMs));
    await this.#runSafely("closing the broker", () => this.#broker.close());
    for (const hook of this.#stopHooks) await this.#runSafely("a stop hook", hook);
  }

  /** What fails here keeps nobody else from ending. */
  async #runSafely(where: string, run: Hook): Promise<void> {
    try {
      await run();
    } catch (error) {
      report("error", { where, error });
    }
  }

  #build(): HttpRoutes {
    return (this.#routes ??= buildRoutes(this, { edge: this.#edge, errorHandlers: this.#errorHandlers }));
  }

  #startTicker({ everyMs, run }: Ticker): void {
    this.#cancels.push(startTicker(this.#edge.clock, everyMs, run));
  }
}

/** The endpoint answers whatever comes to it. */
function neverReached(): void {}
