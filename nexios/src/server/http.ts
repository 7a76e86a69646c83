// The only file that knows Hono.
import { type Context as HonoContext, Hono, type MiddlewareHandler } from "hono";
import type { Awaitable } from "./awaitable.ts";
import type { Connection } from "./connection.ts";
import type { Edge } from "./edge.ts";
import { NexiosError } from "../protocol/failure.ts";
import { toErrorResponse } from "./failure.ts";
import type { User } from "./identity.ts";
import type { HonoPath } from "./path.ts";
import type { Upgrade } from "./upgrade.ts";
import type { IncomingMessage } from "node:http";

/** What the framework hands to Hono with each request. */
export interface RequestEnv {
  readonly edge: Edge;
  readonly incoming: IncomingMessage | undefined;
  /** The client's address, as limits see it. */
  readonly address: string;
  /** Set when the request asks for a WebSocket. */
  readonly upgrade: Upgrade | undefined;
}

interface Variables<U> {
  user: U;
  /** The connection, once a WebSocket's handler has it. */
  ws: Connection | undefined;
}

/** A request in a handler: Hono's context. `c.var.user` is there behind `auth`. */
export type Context<Path extends string = string, U = User | undefined> = HonoContext<{ Bindings: RequestEnv; Variables: Variables<U> }, HonoPath<Path>>;

/** Runs around what comes after it, for HTTP and WebSocket alike: `await next()` lasts as long as the connection. */
export type Middleware = (c: Context, next: () => Promise<void>) => Awaitable<Response | undefined | void>;

/** Answers an HTTP request. */
export type HttpHandler<Path extends string, U> = (c: Context<Path, U>) => Awaitable<Response>;

/** Sees every error but that of a peer that left; answers it, or leaves it to the framework. */
export type ErrorHandler = (error: unknown, c: Context) => Awaitable<Response | undefined | void>;

/** The methods that HTTP routes may have. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The method of a request for a WebSocket, as routes and middleware see it: so one matcher tells both kinds of routes apart, whatever their order. */
export const upgradeMethod = "WEBSOCKET";

/** Routes and middleware as one function from request to response. */
export class HttpRoutes {
  readonly #hono = new Hono<{ Bindings: RequestEnv; Variables: Variables<User | undefined> }>();

  constructor(bodyBytes: number, onError: (error: unknown, c: Context) => Promise<Response>) {
    this.#hono.onError((error, c) => onError(error instanceof Thrown ? error.value : error, c));
    this.#hono.notFound((c) => c.json({ code: "NOT_FOUND", message: "There is nothing at this address" }, 404));
    if (Number.isFinite(bodyBytes)) this.#hono.use(limitBody(bodyBytes));
  }

  /** `path` is in Hono's form. */
  use(path: string, middleware: Middleware): void {
    this.#hono.use(path, throwErrors(middleware));
  }

  on(method: Method | typeof upgradeMethod, path: string, handlers: readonly Middleware[]): void {
    this.#hono.on(method, [path], ...handlers.map(throwErrors));
  }

  /** Never rejects: what a handler throws that is not an `Error` is answered like any fault. */
  async fetch(request: Request, env: RequestEnv, onFault: (error: unknown) => void): Promise<Response> {
    try {
      return await this.#hono.fetch(request, env);
    } catch (error) {
      onFault(error);
      return toErrorResponse(error);
    }
  }
}

/** What was thrown and is no `Error`: Hono knows errors alone. */
class Thrown extends Error {
  readonly value: unknown;

  constructor(value: unknown) {
    super("something that is not an Error was thrown");
    this.value = value;
  }
}

function throwErrors(middleware: Middleware): MiddlewareHandler {
  const guarded: Middleware = async (c, next) => {
    try {
      return await middleware(c, next);
    } catch (error) {
      throw error instanceof Error ? error : new Thrown(error);
    }
  };
  // The two differ in their variables alone.
  return guarded as MiddlewareHandler;
}

/** Bounds a body by what it says of itself, or, where it says nothing, by what comes. */
function limitBody(limitBytes: number): MiddlewareHandler {
  return async (c, next) => {
    const said = c.req.header("content-length");
    if (said !== undefined && Number(said) > limitBytes) throw bodyTooLarge(limitBytes);
    if (said === undefined && c.req.header("transfer-encoding") !== undefined && c.req.raw.body !== null) {
      const { url, method, headers, body } = c.req.raw;
      let bytes = 0;
      const count = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          bytes += chunk.length;
          if (bytes > limitBytes) controller.error(bodyTooLarge(limitBytes));
          else controller.enqueue(chunk);
        },
      });
      c.req.raw = new Request(url, { method, headers, body: body.pipeThrough(count), duplex: "half" });
    }
    await next();
  };
}

function bodyTooLarge(limitBytes: number): NexiosError {
  return new NexiosError("INVALID_MESSAGE", `The body has more than ${limitBytes} bytes`, { status: 413 });
}
