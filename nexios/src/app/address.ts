/** Where an app listens. */
export interface Address {
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

export interface ListenOptions {
  /** 0 takes a free one. 3000 unless given. */
  readonly port?: number;
  /** 127.0.0.1 unless given, so that nothing is open to a network by accident. */
  readonly host?: string;
}

export function toAddress(host: string, port: number): Address {
  return { url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`, host, port };
}
