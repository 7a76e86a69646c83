import type { RoomUser } from "../contract/serve-options.ts";
import { decodeClientFrames } from "../protocol/json-decoding.ts";
import { jsonEncoding } from "../protocol/json-encoding.ts";
import type { Line } from "../rooms/line.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { Findings } from "./findings.ts";
import type { Link } from "./link.ts";

/** A connection that came to a process. */
export interface NewLine {
  readonly link: Link;
  readonly user: RoomUser;
  /** A name that no other connection has. */
  readonly id: string;
  readonly rooms: Rooms;
  /** What the rooms get in place of the line. */
  readonly wrap: (line: Line) => Line;
  readonly findings: Findings;
  readonly onClose: () => void;
}

const frameLimit = 1_000;
/** By link, since a judge knows the link alone. */
const largest = new WeakMap<Link, number>();
const decoder = new TextDecoder();

/** The size of the largest message that was sent to the client over a link, whether it arrived or not. */
export function largestMessageOf(link: Link): number {
  return largest.get(link) ?? 0;
}

/** Joins a link's server end with the rooms of its process, as a server's edge does. */
export function openServerLine({ link, user, id, rooms, wrap, findings, onClose }: NewLine): void {
  const { server } = link;
  const own: Line = {
    id,
    user,
    encoding: jsonEncoding,
    get unsentBytes() {
      return server.unsentBytes;
    },
    send(message) {
      if (message.length > largestMessageOf(link)) largest.set(link, message.length);
      server.send(message);
    },
    close: (name) => server.close(name),
  };
  const gateway = rooms.connect(wrap(own));
  server.onMessage = (message) => {
    try {
      for (const frame of decodeClientFrames(decoder.decode(message), { frames: frameLimit }))
        if (frame.kind !== "hello" && frame.kind !== "renew" && frame.kind !== "ping") gateway.take(frame);
    } catch (error) {
      findings.report("protocol", `a message of ${user.id} was not taken: ${String(error)}`);
    }
  };
  server.onDrain = () => gateway.drained();
  server.onClose = () => {
    onClose();
    gateway.ended();
  };
}
