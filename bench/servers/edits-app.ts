import { inspect } from "node:util";

import { type Authenticate, NexiosApp } from "nexios";

import { liftedLimits } from "./lifted-limits.ts";

const unlimited = { perSecond: Infinity, burst: Infinity };
const lifted = { ...liftedLimits, rooms: { callRate: unlimited, joinRate: unlimited } };
/** Whoever connects is who he says: the token is his id. */
const believe: Authenticate = ({ token }) => (token === undefined ? undefined : { user: { id: token, name: token } });

/** An app for the benches' documents; the bench names the folder of its database in `NEXIOS_DATA`. */
export function createEditsApp(): { readonly app: NexiosApp; readonly lifted: string } {
  const { rooms, ...limits } = lifted;
  return { app: new NexiosApp({ auth: { jwt: believe }, limits, rooms: { limits: rooms } }), lifted: inspect(lifted, { breakLength: Infinity }) };
}
