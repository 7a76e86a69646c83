/** The address of a WebSocket: a path is of the page. @throws TypeError for one that is none */
export function toUrl(given: string): string {
  const page = (globalThis as { readonly location?: { readonly href: string } }).location?.href;
  const url = URL.canParse(given, page) ? new URL(given, page) : undefined;
  if (url === undefined || !/^(http|ws)s?:$/.test(url.protocol)) throw new TypeError(`No path of a page, and no whole address of a server: ${given}`);
  url.protocol = url.protocol.replace("http", "ws");
  return url.href;
}
