/** Which web pages may open a connection. */
export interface OriginRule {
  /** `origin` and `host` are the headers of the request. */
  allows(origin: string, host: string | undefined): boolean;
}

/**
 * Allows pages of the same host and port, and the given origins (`https://app.example`, exact in scheme, host and port). `null` is never allowed.
 * @throws TypeError for what is not an origin.
 */
export function toOriginRule(origins: readonly string[]): OriginRule {
  const allowed = new Set(origins.map(toExactOrigin));
  return {
    allows(origin, host) {
      const parsed = parseOrigin(origin);
      // A browser writes an origin in one way only; whoever writes another is none.
      if (parsed === undefined || parsed.origin !== origin) return false;
      if (allowed.has(parsed.origin)) return true;
      // A proxy may have ended TLS, so the scheme of the request is not known; the port is that of the page's scheme unless named.
      const own = host === undefined ? undefined : parseOrigin(`${parsed.protocol}//${host}`);
      return own !== undefined && own.host === parsed.host;
    },
  };
}

function toExactOrigin(origin: string): string {
  const parsed = parseOrigin(origin);
  if (parsed === undefined || parsed.hostname.includes("*")) throw new TypeError(`"${origin}" is not an origin such as https://app.example`);
  return parsed.origin;
}

/** A URL that is an origin and nothing more: no user, path, query or fragment, and written as browsers write it. */
function parseOrigin(origin: string): URL | undefined {
  if (!URL.canParse(origin)) return undefined;
  const url = new URL(origin);
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  return url.username === "" && url.password === "" && url.pathname === "/" && !/[/?#\\]$|[?#]/.test(origin.slice(8)) && url.search === "" ? url : undefined;
}
