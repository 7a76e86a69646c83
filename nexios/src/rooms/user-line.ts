import type { Line } from "./line.ts";

/** A connection before anybody is known to be at its other end. */
export type SessionLine = Omit<Line, "user" | "inflates">;

/** The connection of somebody who has said who it is, and what it can. */
export function toUserLine(line: SessionLine, { user, inflates }: Required<Pick<Line, "user" | "inflates">>): Line {
  const { id, encoding } = line;
  return {
    id,
    user,
    encoding,
    inflates,
    get unsentBytes() {
      return line.unsentBytes;
    },
    send: (message) => line.send(message),
    close: (name, reason) => line.close(name, reason),
  };
}
