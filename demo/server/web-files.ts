import { serveStatic } from "@hono/node-server/serve-static";
import { secureHeaders } from "hono/secure-headers";
import type { NexiosApp } from "nexios";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const own = ["'self'"];
const yearSeconds = 31_536_000;

/** Paths that the web app shows a page for; any other is its page of "not found". */
const pages = /^\/((control|chat|mine|about|rostrum|desk|inbox)?|inbox\/preferences|(lots|rostrum|desk)\/[^/]+)$/;

/** Serves the built web app from `folder`: assets for ever, since their names change with their content; pages never without asking. */
export function addWebFiles(app: NexiosApp, folder: string): void {
  app.use(
    secureHeaders({
      // A proxy that ends TLS says this, not a demo on plain HTTP.
      strictTransportSecurity: false,
      contentSecurityPolicy: {
        defaultSrc: own,
        connectSrc: own,
        styleSrc: own,
        scriptSrc: own,
        imgSrc: ["'self'", "data:"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: own,
      },
    }),
  );
  // Not in `onFound`: it runs when the response is made, and what it sets is lost.
  app.use(async (c, next) => {
    await next();
    if (c.env.upgrade !== undefined || c.res.headers.has("cache-control")) return;
    const isAsset = c.res.ok && c.req.path.startsWith("/assets/");
    c.header("cache-control", isAsset ? `public, max-age=${yearSeconds}, immutable` : "no-cache");
  });
  if (!existsSync(join(folder, "index.html"))) {
    app.use(async (c, next) =>
      pages.test(c.req.path) && c.env.upgrade === undefined ? c.text("The web app has not been built: npm run build:web", 503) : next(),
    );
    return;
  }
  const files = serveStatic({ root: folder, precompressed: true });
  const page = serveStatic({ root: folder, path: "index.html", precompressed: true });
  app.use(async (c, next) => {
    const reads = (c.req.method === "GET" || c.req.method === "HEAD") && c.env.upgrade === undefined;
    const wantsPage = reads && /text\/html|\*\/\*/.test(c.req.header("accept") ?? "*/*");
    if (wantsPage && pages.test(c.req.path)) return page(c, async () => undefined);
    await next();
    // The answer is replaced, not merged with that of "not found".
    if (!wantsPage || c.res.status !== 404) return undefined;
    c.res = undefined;
    c.res = c.html(await readFile(join(folder, "index.html"), "utf8"), 404);
    return undefined;
  });
  app.use(async (c, next) => (c.env.upgrade === undefined && c.req.path.includes(".") ? files(c, next) : next()));
}
