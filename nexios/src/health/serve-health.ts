import type { Middleware } from "../server/http.ts";
import type { Router } from "../server/router.ts";
import type { Health } from "./health.ts";
import { toHealthJson } from "./health-json.ts";
import type { HealthStatus } from "./state.ts";

/** Where an app tells of its health, and to whom. */
export interface ServeHealthOptions {
  /** `/health` unless given: `/health/live`, `/health/ready`, and with `details` `/health` itself. */
  readonly path?: string;
  /** Who may see the probes, with what they take and why they fail: a guard such as `auth(["jwt"], { allow })`. Nobody unless given. */
  readonly details?: Middleware;
}

/** Adds the routes, which are answered until the app has stopped. @throws TypeError for a path that is none, or has parameters. */
export function serveHealth(router: Router, health: Health, options: ServeHealthOptions = {}): void {
  const { path = "/health", details } = options;
  for (const name of Object.keys(options))
    if (name !== "path" && name !== "details") throw new TypeError(`There is no option "${name}" of serveHealth: the options are path, details`);
  if (!path.startsWith("/") || path.includes("{")) throw new TypeError(`The path of an app's health begins with a slash and has no parameters: not "${path}"`);
  const base = path === "/" ? "" : path;
  const [live, ready] = [`${base}/live`, `${base}/ready`];
  router.get(live, () => {
    const status = health.isLive ? "pass" : "fail";
    return toResponse(status, { status });
  });
  router.get(ready, () => {
    const { status } = health.report();
    return toResponse(status, { status });
  });
  health.paths.add(live).add(ready);
  if (details === undefined) return;
  health.paths.add(path);
  router.get(path, details, () => {
    const report = health.report();
    return toResponse(report.status, toHealthJson(report));
  });
}

function toResponse(status: HealthStatus, body: object): Response {
  // What a cache has kept tells of another moment.
  const headers = { "content-type": "application/health+json", "cache-control": "no-store" };
  return new Response(JSON.stringify(body), { status: status === "fail" ? 503 : 200, headers });
}
