import { closeCodes } from "../protocol/codes.ts";
import type { Guard } from "./auth.ts";
import { Connection, isPeersFault } from "./connection.ts";
import type { Edge } from "./edge.ts";
import { NexiosError } from "../protocol/failure.ts";
import { isConnectionClosed, toErrorResponse } from "./failure.ts";
import { type Context, type ErrorHandler, HttpRoutes, type Middleware, upgradeMethod } from "./http.ts";
import type { User } from "./identity.ts";
import type { OpenConnection } from "./open-connection.ts";
import { toHonoPath } from "./path.ts";
import { report } from "../world/report.ts";
import type { Registration, Router, WsHandler } from "./router.ts";

/** What routing needs beside the routes. */
export interface RoutingOptions {
  readonly edge: Edge;
  readonly errorHandlers: readonly ErrorHandler[];
}

/** Makes one function of all routers. @throws TypeError for an `auth([...])` whose method nobody gave. */
export function buildRoutes(router: Router, { edge, errorHandlers }: RoutingOptions): HttpRoutes {
  const routes = new HttpRoutes(edge.limits.bodyBytes, (error, c) => answerError(error, c, errorHandlers));
  const upgradeRoutes: UpgradeRoute[] = [];
  register(routes, router.seal(), "", { edge, upgradeRoutes });
  // Behind all others, so that a plain route at the same path has its turn. The layers stand before it, so that a browser, which is not told why an upgrade
  // was refused, can ask for the same path and hear 401 or 403.
  for (const { path, layers } of upgradeRoutes) routes.on("GET", path, [...layers, requireUpgrade]);
  return routes;
}

interface UpgradeRoute {
  readonly path: string;
  readonly layers: readonly Middleware[];
}

interface Registering {
  readonly edge: Edge;
  readonly upgradeRoutes: UpgradeRoute[];
}

function register(routes: HttpRoutes, registrations: readonly Registration[], prefix: string, registering: Registering): void {
  const { edge, upgradeRoutes } = registering;
  for (const registration of registrations) {
    const path = toHonoPath(prefix + (registration.path === "/" && prefix !== "" ? "" : registration.path));
    switch (registration.kind) {
      case "use":
        requireMethods([registration.middleware], edge);
        routes.use(path === "" || path === "/" ? "*" : `${path}/*`, registration.middleware);
        break;
      case "http":
        requireMethods(registration.handlers, edge);
        routes.on(registration.method, path === "" ? "/" : path, registration.handlers);
        break;
      case "ws":
        requireMethods(registration.layers, edge);
        routes.on(upgradeMethod, path === "" ? "/" : path, [...registration.layers, toMiddleware(registration.handler, edge)]);
        upgradeRoutes.push({ path: path === "" ? "/" : path, layers: registration.layers });
        break;
      case "mount":
        register(routes, registration.router.seal(), prefix + registration.path, registering);
        break;
    }
  }
}

function requireMethods(layers: readonly Middleware[], edge: Edge): void {
  for (const layer of layers) {
    for (const method of (layer as Partial<Guard<User>>).methods ?? []) {
      if (!edge.authenticators.has(method))
        throw new TypeError(`auth(["${method}"]): the app has no such method; give it as new NexiosApp({ auth: { ${method}: ... } })`);
    }
  }
}

/** A plain request to a WebSocket's address is told what is here. */
function requireUpgrade(): Response {
  return toErrorResponse(new NexiosError("UPGRADE_REQUIRED", "This address speaks WebSocket: ask for an upgrade", { status: 426 }));
}

function toMiddleware(handler: WsHandler, edge: Edge): Middleware {
  return async (c) => {
    const { upgrade } = c.env;
    if (upgrade === undefined) return requireUpgrade();
    const request = { params: c.req.param() as Record<string, string>, headers: c.req.raw.headers, address: c.env.address };
    const ws = new Connection(upgrade, request, edge);
    c.set("ws", ws);
    await handler(ws);
    if (upgrade.open === undefined) throw new NexiosError("FORBIDDEN", "The connection was not accepted", { status: 403 });
    upgrade.open.close(closeCodes.NORMAL, "");
    return new Response(null);
  };
}

/** One place for all that handlers throw: the app's error handlers see it, then the peer is told a code and no more. */
async function answerError(error: unknown, c: Context, errorHandlers: readonly ErrorHandler[]): Promise<Response> {
  const { upgrade } = c.env;
  // Its own end is a normal one; that of another connection is a fault of this handler.
  if (isConnectionClosed(error) && upgrade?.ended === true) return new Response(null);
  const open = upgrade?.open;
  const expected = isPeersFault(error) || (error instanceof NexiosError && error.status < 500);
  if (!expected) report("error", { where: `${c.req.method} ${c.req.routePath}`, error });
  else if (open === undefined) report("refused", { code: error.code, status: error.status, address: c.env.address });
  let response: Response | undefined;
  for (const handle of errorHandlers) response ??= await handled(handle, error, c);
  if (open !== undefined) closeAfter(open, error);
  return response ?? toErrorResponse(error);
}

/** An error handler that fails leaves the answer to the next. */
async function handled(handle: ErrorHandler, error: unknown, c: Context): Promise<Response | undefined> {
  try {
    return (await handle(error, c)) ?? undefined;
  } catch (failure) {
    report("error", { where: "an error handler", error: failure });
    return undefined;
  }
}

function closeAfter(open: OpenConnection, error: unknown): void {
  const code = error instanceof NexiosError ? error.code : "INTERNAL";
  const status = error instanceof NexiosError ? error.status : 500;
  if (isPeersFault(error)) open.fail("INVALID", code);
  else if (status === 401) open.fail("UNAUTHORIZED", code);
  else if (status === 403) open.fail("FORBIDDEN", code);
  else open.fail("INTERNAL", "something failed on the server");
}
