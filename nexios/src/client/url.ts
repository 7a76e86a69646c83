/** The address of a WebSocket: a path is of the page. @throws TypeError for one that is none */
export function toUrl(given: string): string {
  const { location } = globalThis as { readonly location?: { readonly href: string } };
  const url = new URL(given, location?.href).href.replace(/^http/, "ws");
  if (!/^wss?:/.test(url)) throw new TypeError(`No address of a server: ${given}`);
  return url;
}
