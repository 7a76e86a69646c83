import type { RoomUser } from "../contract/serve-options.ts";
import type { CloseName } from "../protocol/codes.ts";
import type { Encoding } from "../protocol/frame.ts";
import type { Line } from "./line.ts";

/** A connection before anybody is known to be at its other end. */
export type SessionLine = Omit<Line, "user" | "inflates">;

/** The connection of somebody who has said who it is, and what it can. */
export function toUserLine(line: SessionLine, { user, inflates }: Required<Pick<Line, "user" | "inflates">>): Line {
  return new UserLine(line, user, inflates);
}

/** A class, since one of these lives as long as its connection: functions of its own would cost each some hundred bytes. */
class UserLine implements Line {
  readonly user: RoomUser;
  readonly inflates: boolean;
  readonly #line: SessionLine;

  constructor(line: SessionLine, user: RoomUser, inflates: boolean) {
    this.#line = line;
    this.user = user;
    this.inflates = inflates;
  }

  get id(): string {
    return this.#line.id;
  }

  get encoding(): Encoding {
    return this.#line.encoding;
  }

  get unsentBytes(): number {
    return this.#line.unsentBytes;
  }

  send(message: Uint8Array): void {
    this.#line.send(message);
  }

  close(name: CloseName, reason: string): void {
    this.#line.close(name, reason);
  }
}
