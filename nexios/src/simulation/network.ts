import { NexiosError } from "../protocol/failure.ts";
import type { Gate } from "./gate.ts";
import { Link } from "./link.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

/** A process that can be connected to. */
export interface ServerEnd {
  /** What happens at the server's end of its links passes through it. */
  readonly gate: Gate;
  /** False: a connection is refused. */
  readonly isUp: boolean;
  /** Takes a new link, and gives its server end what it does on a message, a drain and the close. Sending is possible at once. */
  accept(link: Link): void;
}

/** After so long a client gives up that nobody has accepted. */
const connectMs = 10_000;

/** Where clients and processes meet. */
export class Network {
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  #links = 0;

  constructor(scheduler: Scheduler, random: Random) {
    this.#scheduler = scheduler;
    this.#random = random;
  }

  /** Opens a link; it resolves before the first message arrives. @throws NexiosError UNAVAILABLE when the process is down, or does not accept within 10 s. */
  connect(server: ServerEnd): Promise<Link> {
    const scheduler = this.#scheduler;
    const { promise, resolve, reject } = Promise.withResolvers<Link>();
    let isOver = false;
    const giveUp = (): void => {
      isOver = true;
      reject(new NexiosError("UNAVAILABLE", "The server can't be reached"));
    };
    const cancel = scheduler.after(connectMs, giveUp);
    scheduler.after(this.#delay(), () => {
      if (!server.isUp) {
        cancel();
        return giveUp();
      }
      server.gate.enter(() => {
        if (isOver) return;
        cancel();
        const opensAt = scheduler.now + this.#delay();
        const random = this.#random.fork(this.#links++);
        const link = new Link({ scheduler, random, gate: server.gate, opensAt });
        scheduler.at(opensAt, () => resolve(link));
        server.accept(link);
      });
    });
    return promise;
  }

  #delay(): number {
    return 1 + this.#random.next() * 39;
  }
}
