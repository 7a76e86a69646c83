/** The address of a WebSocket: a path is of the page. @throws TypeError for one that is none */
export function toUrl(given: string): string {
  const page = (globalThis as { readonly location?: { readonly href: string } }).location?.href;
  const url = new URL(given, page);
  if (!/^(http|ws)s?:$/.test(url.protocol)) throw new TypeError(`"${given}" is no address of a server: use a path of the page, https: or wss:`);
  url.protocol = url.protocol.replace("http", "ws");
  return url.href;
}
