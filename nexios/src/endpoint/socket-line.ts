import { randomBytes } from "node:crypto";
import type { CloseName } from "../protocol/codes.ts";
import type { Encoding } from "../protocol/frame.ts";
import type { SessionLine } from "../rooms/user-line.ts";
import type { OpenConnection } from "../server/open-connection.ts";

/** A look at a socket that takes nothing is due so much later, where no event will tell. */
const lookMs = 50;

/** One open WebSocket, as rooms write to it. */
export class SocketLine implements SessionLine {
  readonly id = randomBytes(12).toString("base64url");
  readonly encoding: Encoding;
  readonly #open: OpenConnection;
  readonly #onDrained: () => void;
  /** Above it, rooms have stopped to write. */
  readonly #limitBytes: number;
  #isWatched = false;

  constructor(open: OpenConnection, options: { readonly encoding: Encoding; readonly unsentBytes: number; readonly onDrained: () => void }) {
    this.#open = open;
    this.encoding = options.encoding;
    this.#onDrained = options.onDrained;
    this.#limitBytes = options.unsentBytes;
  }

  get unsentBytes(): number {
    return this.#open.unsentBytes;
  }

  send(message: Uint8Array): void {
    const { outbox, clock } = this.#open;
    outbox.send(message);
    if (this.#isWatched || this.unsentBytes <= this.#limitBytes / 2) return;
    this.#isWatched = true;
    // Behind the turn's own writing: the socket may take it all.
    clock.afterTurn(() => this.#look());
  }

  close(name: CloseName, reason: string): void {
    this.#open.fail(name, reason);
  }

  #look(): void {
    const { outbox, clock } = this.#open;
    if (outbox.closed) return;
    if (outbox.blocked) void outbox.whenFlowing().then(() => this.#look());
    else if (this.unsentBytes > this.#limitBytes) clock.after(lookMs, () => this.#look());
    else {
      this.#isWatched = false;
      this.#onDrained();
    }
  }
}
