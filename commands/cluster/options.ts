import { resolve } from "node:path";

/** What is started. */
export interface TopologyOptions {
  /** Where the proxy listens. */
  readonly port: number;
  /** The program of the app instead of the Saleroom. */
  readonly app: string | undefined;
}

/** @throws Error for what is no port */
export function toTopologyOptions({ port = "3000", app }: { readonly port?: string; readonly app?: string }): TopologyOptions {
  const number = Number(port);
  if (!/^\d{1,5}$/.test(port) || number < 1 || number > 65_535) throw new Error(`--port is a number from 1 to 65535, not "${port}"`);
  return { port: number, app: app === undefined ? undefined : resolve(app) };
}
