import type { Admission } from "./admission.ts";
import type { TrustedProxies } from "./client-address.ts";
import type { Connections } from "./connections.ts";
import type { Authenticate } from "./identity.ts";
import type { ConnectionServices } from "./open-connection.ts";
import type { OriginRule } from "./origin.ts";
import type { WsEngine } from "./ws-engine.ts";

/** What all requests of one server share. */
export interface Edge extends ConnectionServices {
  readonly engine: WsEngine;
  readonly connections: Connections;
  readonly admission: Admission;
  /** By the names that `auth([...])` uses. */
  readonly authenticators: ReadonlyMap<string, Authenticate>;
  readonly origins: OriginRule;
  readonly proxies: TrustedProxies;
}
