import { NexiosError } from "../protocol/failure.ts";
import type { Rooms } from "../rooms/rooms.ts";
import { Session } from "../rooms/session.ts";
import type { Proof, SessionLimits } from "../rooms/session-services.ts";
import { identifyRequest, identifyToken } from "../server/auth.ts";
import type { Edge } from "../server/edge.ts";
import type { Context, Middleware } from "../server/http.ts";
import type { Identity } from "../server/identity.ts";
import type { Limits } from "../server/limits.ts";
import type { OpenConnection } from "../server/open-connection.ts";
import type { Upgrade } from "../server/upgrade.ts";
import { SocketLine } from "./socket-line.ts";
import { findWire, type ServerWire, subprotocols } from "./wires.ts";

/** Options of the address where clients come to their rooms. */
export interface EndpointOptions {
  /** The methods that may prove who a client is, in the order in which they are asked. */
  readonly auth: readonly string[];
  /** The rooms, and at how many unsent bytes they stop to write; `undefined` while none are open. */
  readonly rooms: () => { readonly rooms: Rooms; readonly unsentBytes: number } | undefined;
}

/** What the upgrade itself has shown of who it is. */
interface Shown {
  readonly identity: Identity | undefined;
  /** Why what it has shown proves nothing; a token in the hello still may. */
  readonly error: unknown;
}

/** The WebSocket at which rooms are joined. A plain request passes it by. */
export function createEndpoint({ auth, rooms }: EndpointOptions): Middleware & { readonly methods: readonly string[] } {
  if (auth.length === 0) throw new TypeError('realtime.auth needs at least one method, such as "jwt"');
  const endpoint: Middleware = async (c, next) => {
    const { edge, upgrade } = c.env;
    if (upgrade === undefined) return next();
    const shown = await showOf(auth, c);
    const { names } = upgrade.offered;
    const wire = findWire(names);
    // A browser is told why only once a subprotocol of its own was selected.
    const selected = wire?.subprotocol ?? names[0];
    const open = await upgrade.accept({ subprotocols: selected === undefined ? [] : [selected] });
    const opened = rooms();
    if (wire === undefined) open.fail("INVALID", `the subprotocol must be ${subprotocols.join(" or ")}`);
    else if (opened === undefined) open.fail("DRAIN", "0");
    else serve({ open, wire, upgrade, edge, auth, shown, ...opened });
    // Members stay for hours: what came with the request, and all that runs around it, is let go.
    upgrade.outlivesHandler = true;
    return new Response(null);
  };
  return Object.assign(endpoint, { methods: auth });
}

interface Serving {
  readonly open: OpenConnection;
  readonly wire: ServerWire;
  readonly upgrade: Upgrade;
  readonly edge: Edge;
  readonly auth: readonly string[];
  readonly shown: Shown;
  readonly rooms: Rooms;
  readonly unsentBytes: number;
}

function serve({ open, wire, upgrade, edge, auth, shown, rooms, unsentBytes }: Serving): void {
  const { limits, clock } = edge;
  const { messageFrames: frames, jsonDepth: depth, jsonKeys: keys } = limits;
  const session: Session = new Session({
    line: new SocketLine(open, { encoding: wire.encoding, unsentBytes, onDrained: () => session.drained() }),
    clock,
    limits: toSessionLimits(limits),
    decode: (message) => wire.decode(message, { frames, json: { depth, keys } }),
    async authenticate(token) {
      const identity = token === undefined ? requireShown(shown) : await identifyToken(auth, edge, token);
      upgrade.identify(identity, (newer) => identifyToken(auth, edge, newer));
      return toProof(identity);
    },
    async renew(token) {
      await upgrade.renew(token);
      return { expiresAt: open.expiresAt };
    },
    now: () => rooms.now(),
    connect: (line) => rooms.connect(line),
  });
  open.onEnd(() => session.ended());
  open.onRefused = ({ code, message, retryAfterMs }) => session.refuse(code, message, retryAfterMs);
  open.settle = () => session.retire();
  open.inbox.give((message) => session.take(message));
}

/** What proves nothing is no reason to refuse the handshake: a browser would not be told why. */
async function showOf(auth: readonly string[], c: Context): Promise<Shown> {
  let identified: Awaited<ReturnType<typeof identifyRequest>>;
  try {
    identified = await identifyRequest(auth, c);
  } catch (error) {
    return { identity: undefined, error };
  }
  identified.checkOrigin();
  return { identity: identified.identity, error: undefined };
}

function requireShown({ identity, error }: Shown): Identity {
  if (identity !== undefined) return identity;
  throw error ?? new NexiosError("UNAUTHORIZED", "A token is needed", { status: 401 });
}

/** A method of one's own may leave out the name. */
function toProof({ user, expiresAt }: Identity): Proof {
  return { user: typeof user.name === "string" ? user : { ...user, name: user.id }, expiresAt };
}

function toSessionLimits(limits: Limits): SessionLimits {
  const { firstMessageMs, helloBytes, messageBytes, messageFrames, unreadMessages, unreadBytes } = limits;
  return { helloMs: firstMessageMs, helloBytes, messageBytes, messageFrames, waitingMessages: unreadMessages, waitingBytes: unreadBytes };
}
