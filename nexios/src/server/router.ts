import type { Guard } from "./auth.ts";
import type { Connection } from "./connection.ts";
import type { HttpHandler, Method, Middleware } from "./http.ts";
import type { User } from "./identity.ts";
import type { Awaitable } from "./awaitable.ts";
import { toHonoPath } from "./path.ts";

/** Handles one WebSocket from its accept to its end. When it returns, the connection is closed with 1000. */
export type WsHandler<Path extends string = string, U extends User | undefined = User | undefined> = (ws: Connection<Path, U>) => Awaitable<void>;

/** The user behind these middlewares: that of the guard among them, or none. */
type UserBehind<Layers extends readonly Middleware[]> = Layers extends readonly [infer First, ...infer Rest extends readonly Middleware[]]
  ? First extends Guard<infer U>
    ? U
    : UserBehind<Rest>
  : undefined;

/** What was said to a router, in order. */
export type Registration =
  | { readonly kind: "use"; readonly path: string; readonly middleware: Middleware }
  | { readonly kind: "http"; readonly method: Method; readonly path: string; readonly handlers: readonly Middleware[] }
  | { readonly kind: "ws"; readonly path: string; readonly layers: readonly Middleware[]; readonly handler: WsHandler }
  | { readonly kind: "mount"; readonly path: string; readonly router: Router };

/** Adds an HTTP route: up to three layers of middleware, then its handler. */
export interface AddHttpRoute<Self> {
  <const Path extends string>(path: Path, handler: HttpHandler<Path, undefined>): Self;
  <const Path extends string, A extends Middleware>(path: Path, a: A, handler: HttpHandler<Path, UserBehind<[A]>>): Self;
  <const Path extends string, A extends Middleware, B extends Middleware>(path: Path, a: A, b: B, handler: HttpHandler<Path, UserBehind<[A, B]>>): Self;
  <const Path extends string, A extends Middleware, B extends Middleware, C extends Middleware>(
    path: Path,
    a: A,
    b: B,
    c: C,
    handler: HttpHandler<Path, UserBehind<[A, B, C]>>,
  ): Self;
}

/** Adds a WebSocket route: up to three layers of middleware, then its handler. */
export interface AddWsRoute<Self> {
  <const Path extends string>(path: Path, handler: WsHandler<Path, undefined>): Self;
  <const Path extends string, A extends Middleware>(path: Path, a: A, handler: WsHandler<Path, UserBehind<[A]>>): Self;
  <const Path extends string, A extends Middleware, B extends Middleware>(path: Path, a: A, b: B, handler: WsHandler<Path, UserBehind<[A, B]>>): Self;
  <const Path extends string, A extends Middleware, B extends Middleware, C extends Middleware>(
    path: Path,
    a: A,
    b: B,
    c: C,
    handler: WsHandler<Path, UserBehind<[A, B, C]>>,
  ): Self;
}

/** Routes and middleware, to be mounted under a prefix. Middleware runs around what is added after it. */
export class Router {
  readonly #registrations: Registration[] = [];
  #sealed = false;

  /** Of the app alone: what was said so far. From then on nothing is added. */
  seal(): readonly Registration[] {
    this.#sealed = true;
    return this.#registrations;
  }

  /** A WebSocket at a path; its parameters are `ws.params`, and behind `auth` its user is `ws.user`. */
  readonly wsRoute: AddWsRoute<this> = (path: string, ...layersAndHandler: readonly unknown[]) => {
    requireFunctions(layersAndHandler);
    toHonoPath(path);
    // The overloads have checked the handler against path and layers; from here on they are carried by value.
    const layers = layersAndHandler.slice(0, -1) as Middleware[];
    return this.#add({ kind: "ws", path, layers, handler: layersAndHandler.at(-1) as WsHandler });
  };

  readonly get: AddHttpRoute<this> = (path: string, ...handlers: readonly unknown[]) => this.#http("GET", path, handlers);
  readonly post: AddHttpRoute<this> = (path: string, ...handlers: readonly unknown[]) => this.#http("POST", path, handlers);
  readonly put: AddHttpRoute<this> = (path: string, ...handlers: readonly unknown[]) => this.#http("PUT", path, handlers);
  readonly patch: AddHttpRoute<this> = (path: string, ...handlers: readonly unknown[]) => this.#http("PATCH", path, handlers);
  readonly delete: AddHttpRoute<this> = (path: string, ...handlers: readonly unknown[]) => this.#http("DELETE", path, handlers);

  /** Runs `middleware` around all that is added after it, or only around what lies at and below `path`. */
  use(middleware: Middleware): this;
  use(path: string, middleware: Middleware): this;
  use(pathOrMiddleware: string | Middleware, maybe?: Middleware): this {
    const path = typeof pathOrMiddleware === "string" ? pathOrMiddleware : "";
    const middleware = typeof pathOrMiddleware === "string" ? maybe : pathOrMiddleware;
    requireFunctions([middleware]);
    toHonoPath(path);
    return this.#add({ kind: "use", path, middleware: middleware! });
  }

  /** Puts another router's routes under a prefix: `/shop` holds `/shop` and `/shop/x`, never `/shopping`. */
  mount(prefix: string, router: Router): this {
    toHonoPath(prefix);
    return this.#add({ kind: "mount", path: prefix === "/" ? "" : prefix, router });
  }

  #http(method: Method, path: string, handlers: readonly unknown[]): this {
    requireFunctions(handlers);
    toHonoPath(path);
    return this.#add({ kind: "http", method, path, handlers: handlers as readonly Middleware[] });
  }

  #add(registration: Registration): this {
    if (this.#sealed) throw new TypeError("Routes are added before the app has handled its first request");
    this.#registrations.push(registration);
    return this;
  }
}

function requireFunctions(values: readonly unknown[]): void {
  if (!values.every((value) => typeof value === "function")) throw new TypeError("A route takes middleware and one handler: each must be a function");
}
