import { RawConnection } from "../raw-connection.ts";
import type { RawServerFrame } from "../raw-frames.ts";
import { roomNumbers } from "../torture-room.ts";

const retryMs = 100;
const userId = "watcher";

/** Somebody whom a list has let go of. */
export interface LetGo {
  readonly userId: string;
  readonly at: number;
}

/** One on a good line to one process, who is not shown, and looks at who is in the first room. It comes back whenever its process does. */
export class Watcher {
  /** Since when it has a list, in milliseconds since 1970; `undefined` while it has none. */
  listedSince: number | undefined;
  /** Whom its lists have let go of, in order, while it had one. */
  readonly letGo: LetGo[] = [];
  readonly #people = new Map<string, number>();
  #connection: RawConnection | undefined;
  #port: number | undefined;
  #isClosed = false;

  /** Who is listed, with the number of the life that is shown. */
  get people(): ReadonlyMap<string, number> {
    return this.#people;
  }

  /** Where its process listens from now on. */
  aim(port: number): void {
    this.#port = port;
    this.#connection?.end();
    if (this.#connection === undefined) this.#connect();
  }

  close(): void {
    this.#isClosed = true;
    this.#connection?.end();
  }

  #connect(): void {
    if (this.#isClosed || this.#port === undefined) return;
    const connection = new RawConnection(`ws://127.0.0.1:${this.#port}/realtime`, {
      onOpen: () => connection.send({ t: "o", token: userId, client: "torture" }, { t: "j", i: 1, r: `torture/${roomNumbers[0]}`, v: 1 }),
      onFrame: (frame) => this.#take(frame),
      onEnd: () => {
        this.listedSince = undefined;
        this.#connection = undefined;
        setTimeout(() => {
          if (this.#connection === undefined) this.#connect();
        }, retryMs);
      },
    });
    this.#connection = connection;
  }

  #take(frame: RawServerFrame): void {
    // A join that was not let in is made anew by coming back.
    if (frame.t === "f" || frame.t === "l") return this.#connection?.end();
    if (frame.t === "p") {
      this.#people.clear();
      this.listedSince = Date.now();
    } else if (frame.t !== "d") return;
    for (const gone of frame.t === "d" ? (frame.x ?? []) : []) {
      this.#people.delete(gone);
      this.letGo.push({ userId: gone, at: Date.now() });
    }
    for (const { u, d } of frame.l ?? []) this.#people.set(u, d.life);
  }
}
