/** The address of a WebSocket: a path is of the page. @throws TypeError for one that is none */
export function toUrl(given: string): string {
  const { location } = globalThis as { readonly location?: { readonly href: string } };
  const url = new URL(given, location?.href);
  if (!/^(http|ws)s?:$/.test(url.protocol)) throw new TypeError(`No address of a server: ${given}`);
  url.protocol = url.protocol.replace("http", "ws");
  return url.href;
}
