import type { RoomUser } from "../contract/serve-options.ts";
import type { Line } from "../rooms/line.ts";
import type { Rooms } from "../rooms/rooms.ts";
import { Session } from "../rooms/session.ts";
import type { SessionLine } from "../rooms/user-line.ts";
import type { Clock } from "../world/clock.ts";
import type { Findings } from "./findings.ts";
import type { Link } from "./link.ts";
import type { SimulatedWire } from "./wires.ts";

/** A connection that came to a process. */
export interface NewLine {
  readonly link: Link;
  readonly user: RoomUser;
  readonly wire: SimulatedWire;
  /** A name that no other connection has. */
  readonly id: string;
  readonly rooms: Rooms;
  readonly clock: Clock;
  /** The store's time. */
  readonly now: () => number;
  /** What the rooms get in place of the line. */
  readonly wrap: (line: Line) => Line;
  readonly findings: Findings;
  readonly onClose: () => void;
}

const limits = { helloMs: 5_000, helloBytes: 32_768, messageBytes: 65_536, messageFrames: 256, waitingMessages: 64, waitingBytes: 262_144 };
/** By link, since a judge knows the link alone. */
const largest = new WeakMap<Link, number>();

/** The size of the largest message that was sent to the client over a link, whether it arrived or not. */
export function largestMessageOf(link: Link): number {
  return largest.get(link) ?? 0;
}

/** Joins a link's server end with the rooms of its process by the session that a server has too. */
export function openServerLine({ link, user, wire, id, rooms, clock, now, wrap, findings, onClose }: NewLine): void {
  const { server } = link;
  const line: SessionLine = {
    id,
    encoding: wire.encoding,
    get unsentBytes() {
      return server.unsentBytes;
    },
    send(message) {
      if (message.length > largestMessageOf(link)) largest.set(link, message.length);
      server.send(message);
    },
    close: (name) => server.close(name),
  };
  const session = new Session({
    line,
    clock,
    limits,
    now,
    decode(message) {
      try {
        return wire.readClient(message, limits.messageFrames);
      } catch (error) {
        findings.report("protocol", `a message of ${user.id} was not taken: ${String(error)}`);
        throw error;
      }
    },
    authenticate: () => Promise.resolve({ user, expiresAt: undefined }),
    renew: () => Promise.resolve({ expiresAt: undefined }),
    connect: (of) => rooms.connect(wrap(of)),
  });
  server.onMessage = (message) => session.take(wire.fromBytes(message));
  server.onDrain = () => session.drained();
  server.onClose = () => {
    onClose();
    session.ended();
  };
}
