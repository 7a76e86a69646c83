import { getRequestListener } from "@hono/node-server";
import { createServer, type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { forbiddenOrigin, refuseTokenInUrl } from "./auth.ts";
import { clientAddress } from "./client-address.ts";
import type { Edge } from "./edge.ts";
import { NexiosError } from "../protocol/failure.ts";
import { toErrorResponse } from "./failure.ts";
import { type HttpRoutes, upgradeMethod } from "./http.ts";
import { report } from "../world/report.ts";
import type { OpenConnection } from "./open-connection.ts";
import { Upgrade } from "./upgrade.ts";
import { endWith, handshakeFault } from "./ws-engine.ts";

/** The port of an app: HTTP requests and upgrades, each through the same routes. */
export class Listener {
  readonly server: Server;
  readonly #edge: Edge;
  readonly #routes: HttpRoutes;
  /** Sockets between an upgrade's request and its answer. */
  readonly #pending = new Set<Duplex>();
  readonly #running = new Set<Promise<void>>();
  /** Set while the app stops: the only paths that are still answered. */
  #stillAnswered: ReadonlySet<string> | undefined;

  constructor(edge: Edge, routes: HttpRoutes) {
    this.#edge = edge;
    this.#routes = routes;
    const { limits } = edge;
    const listener = getRequestListener((request, env) => this.#answer(request, env.incoming as IncomingMessage), { overrideGlobalObjects: false });
    const options = {
      // Node wants the first not to be longer than the second.
      headersTimeout: delay(Math.min(limits.headersMs, limits.requestMs)),
      requestTimeout: delay(limits.requestMs),
      connectionsCheckingInterval: 1_000,
      ...(Number.isFinite(limits.unsentBytes) && { highWaterMark: limits.unsentBytes }),
      // Any other upgrade, such as to HTTP/2, is not taken: the request is answered as it stands.
      shouldUpgradeCallback: (request: IncomingMessage) => request.headers.upgrade?.toLowerCase() === "websocket",
    };
    this.server = createServer(options, (request, response) => {
      // Whoever asks again and again whether the app is ready must not keep it from its end.
      if (this.#stillAnswered === undefined) this.#track(new Promise((resolve) => response.once("close", resolve)));
      void listener(request, response);
    });
    this.server.on("upgrade", (request, socket, head) => this.#track(this.#upgrade(request, socket, head)));
    this.server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
      const status = error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : error.code === "HPE_HEADER_OVERFLOW" ? 431 : 400;
      endWith(socket, status);
    });
  }

  /** @throws NexiosError PORT_IN_USE */
  listen(port: number, host: string): Promise<number> {
    if (this.server.listening) return Promise.reject(new NexiosError("ALREADY_LISTENING", "This app listens already: one app has one port"));
    return new Promise((resolve, reject) => {
      const fail = (cause: NodeJS.ErrnoException): void => {
        reject(
          cause.code === "EADDRINUSE"
            ? new NexiosError(
                "PORT_IN_USE",
                `Port ${port} of ${host} is in use: listen on another one (PORT, unless the program says which), or stop what listens there`,
                { cause },
              )
            : cause,
        );
      };
      this.server.once("error", fail);
      this.server.listen(port, host, () => {
        this.server.off("error", fail);
        this.server.on("error", (error) => report("error", { where: "listener", error }));
        const address = this.server.address();
        resolve(typeof address === "object" && address !== null ? address.port : port);
      });
    });
  }

  /** Answers these paths and nothing else, so that a load balancer hears of the stop. Without any it takes no more connections, and lets go of those that do nothing. */
  closeDoor(stillAnswered: ReadonlySet<string>): void {
    if (stillAnswered.size > 0) {
      this.#stillAnswered = stillAnswered;
    } else {
      if (this.server.listening) this.server.close();
      this.server.closeIdleConnections();
    }
    for (const socket of this.#pending) socket.destroy();
  }

  /** Resolves when no request is being answered and no handler of a WebSocket runs any more. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Takes no more connections, and cuts what is left. */
  destroyAll(): void {
    if (this.server.listening) this.server.close();
    this.server.closeAllConnections();
  }

  #track(running: Promise<void>): void {
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  #answer(request: Request, incoming: IncomingMessage): Promise<Response> {
    if (this.#stillAnswered?.has(new URL(request.url).pathname) === false) return Promise.resolve(stopping({ connection: "close" }));
    return this.#fetch(request, incoming, this.#addressOf(incoming), undefined);
  }

  #fetch(request: Request, incoming: IncomingMessage, address: string, upgrade: Upgrade | undefined): Promise<Response> {
    return this.#routes.fetch(request, { edge: this.#edge, incoming, address, upgrade }, (error) => {
      report("error", { where: request.method, error });
      upgrade?.open?.fail("INTERNAL", "something failed on the server");
    });
  }

  #addressOf(incoming: IncomingMessage): string {
    const forwarded = incoming.headers["x-forwarded-for"];
    return clientAddress(incoming.socket.remoteAddress, Array.isArray(forwarded) ? forwarded.join(",") : forwarded, this.#edge.proxies);
  }

  /** From an upgrade's request to the end of its connection. Never rejects. */
  async #upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Without a listener an error of a socket would end the process; its close tells the rest.
    socket.on("error", () => socket.destroy());
    const address = this.#addressOf(incoming);
    const fault = handshakeFault(incoming);
    if (fault !== undefined) return endWith(socket, fault);
    if (this.#stillAnswered !== undefined) return writeResponse(socket, stopping());
    let release: (() => void) | undefined;
    let response: Response;
    try {
      const place = this.#edge.admission.admit(address);
      release = place;
      socket.once("close", place);
      this.#checkOrigin(incoming);
      response = await this.#run(incoming, socket, head, address);
    } catch (error) {
      if (error instanceof NexiosError) report("refused", { code: error.code, status: error.status, address });
      response = toErrorResponse(
        error instanceof NexiosError ? error : new NexiosError("INVALID_MESSAGE", "The request is malformed", { status: 400, cause: error }),
      );
    }
    if (socket.destroyed) release?.();
    try {
      await writeResponse(socket, response);
    } catch (error) {
      // The body could not be read: another has, or its source failed.
      report("error", { where: "the answer to an upgrade", error });
      socket.destroy();
    }
  }

  async #run(incoming: IncomingMessage, socket: Duplex, head: Buffer, address: string): Promise<Response> {
    const { clock, limits } = this.#edge;
    const request = toRequest(incoming);
    refuseTokenInUrl(request.url);
    this.#pending.add(socket);
    const cancel = clock.after(limits.requestMs, () => socket.destroy());
    const decided = (): void => {
      cancel();
      this.#pending.delete(socket);
    };
    const upgrade = new Upgrade(this.#edge, { request: incoming, socket, head }, decided);
    try {
      const response = await this.#fetch(request, incoming, address, upgrade);
      const { open, outlivesHandler } = upgrade;
      if (open !== undefined && outlivesHandler) this.#track(endOf(open));
      if (open !== undefined) return accepted;
      if (upgrade.refused) return toErrorResponse(new NexiosError("FORBIDDEN", "The connection was refused", { status: 403 }));
      return response.status >= 400 ? response : toErrorResponse(new NexiosError("NOT_A_WEBSOCKET", "There is no WebSocket at this address", { status: 400 }));
    } finally {
      decided();
    }
  }

  #checkOrigin(incoming: IncomingMessage): void {
    const { origin, host } = incoming.headers;
    if (origin !== undefined && !this.#edge.origins.allows(origin, host)) throw forbiddenOrigin();
  }
}

/** By itself, so that what waits for it holds nothing of the request. */
function endOf(open: OpenConnection): Promise<void> {
  return new Promise((resolve) => open.onEnd(() => resolve()));
}

/** Stands for "the socket is a WebSocket now": nothing is written to it. */
const accepted = new Response(null);

function stopping(headers: Readonly<Record<string, string>> = {}): Response {
  const response = toErrorResponse(new NexiosError("UNAVAILABLE", "The app stops: come back later", { status: 503, retryAfterMs: 2_000 }));
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

function toRequest(incoming: IncomingMessage): Request {
  const headers = new Headers();
  for (let at = 0; at + 1 < incoming.rawHeaders.length; at += 2) headers.append(incoming.rawHeaders[at]!, incoming.rawHeaders[at + 1]!);
  // A target such as `//host/path` or `http://host/path` must not choose the host.
  const target = incoming.url ?? "/";
  const host = incoming.headers.host ?? "localhost";
  if (!target.startsWith("/") || !/^[\w.:[\]-]+$/.test(host)) throw new TypeError("not an origin-form target, or not a host");
  return new Request(`http://${host}${target}`, { method: upgradeMethod, headers });
}

async function writeResponse(socket: Duplex, response: Response): Promise<void> {
  if (response === accepted || !socket.writable) return;
  const body = Buffer.from(await response.arrayBuffer());
  const lines = [`HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ""}`];
  for (const [name, value] of response.headers) lines.push(`${name}: ${value}`);
  lines.push(`content-length: ${body.length}`, "connection: close", "", "");
  socket.end(Buffer.concat([Buffer.from(lines.join("\r\n"), "latin1"), body]));
}

/** Node takes 0 for "never". */
function delay(ms: number): number {
  return Number.isFinite(ms) ? ms : 0;
}
