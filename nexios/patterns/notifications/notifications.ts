import type { NexiosApp } from "nexios";
import { type DeliveryReport, inboxRoom, type NewEndpoint, type NewNotification } from "./contract.ts";
import { EndpointSeal, type EndpointSecret } from "./endpoint-seal.ts";
import type { Endpoint, SentChannel } from "./entry.ts";
import { InboxRefused } from "./inbox-refused.ts";
import { type InboxOptions, serveInbox } from "./serve-inbox.ts";

/** Who makes a notification, and under which key: it is made once, however often it is asked for within thirty days. */
export interface NotifyOptions {
  readonly producer: string;
  readonly idempotencyKey: string;
}

/** What came of it: `isNew` is false where the key was known, and `id` is then that of the first one; `isOther` says that this was another notification. */
export interface Notified {
  readonly id: string;
  readonly isNew: boolean;
  readonly isOther?: boolean;
}

/** Where to send to. */
export interface OpenedEndpoint {
  readonly id: string;
  readonly channel: SentChannel;
  readonly secret: EndpointSecret;
}

/** People's inboxes, from the server. */
export class Inboxes {
  readonly #app: Pick<NexiosApp, "room">;
  readonly #seal: EndpointSeal | undefined;

  constructor(app: Pick<NexiosApp, "room">, endpointSecret: string | undefined) {
    this.#app = app;
    this.#seal = endpointSecret === undefined ? undefined : new EndpointSeal(endpointSecret);
  }

  /** Whether there is somewhere to send to, which there never is without an `endpointSecret`. */
  get takesEndpoints(): boolean {
    return this.#seal !== undefined;
  }

  /**
   * Puts a notification into somebody's inbox; resolves when it is stored.
   * @throws InboxRefused UNKNOWN_CATEGORY for a category that is none, EXPIRED_BEFORE for one that has expired before it came; NexiosError INVALID_MESSAGE for what fits no
   * notification, NOT_FOUND for an id that can have no inbox, and as `call` does
   */
  async notify(userId: string, notification: Omit<NewNotification, "producer" | "idempotencyKey">, once?: NotifyOptions): Promise<Notified> {
    const outcome = await this.#room(userId).call("create", { ...notification, ...once });
    if (outcome.kind === "accepted") return outcome.result;
    throw new InboxRefused(outcome.code, "The notification", outcome.data);
  }

  /** Adds somewhere to send to: an address of e-mail that is known to be his. @throws InboxRefused NOT_SERVED without an `endpointSecret`, TOO_MANY_ENDPOINTS; NexiosError as `call` does */
  async addEndpoint(userId: string, endpoint: NewEndpoint): Promise<string> {
    const outcome = await this.#room(userId).call("addEndpoint", endpoint);
    if (outcome.kind === "accepted") return outcome.result.id;
    throw new InboxRefused(outcome.code, "The endpoint", outcome.data);
  }

  /** Where somebody is to be sent to, in the clear; what was sealed under another secret is left out. @throws NexiosError as `state` of a room does */
  async endpoints(userId: string): Promise<readonly OpenedEndpoint[]> {
    return this.open(userId, (await this.#room(userId).state()).endpoints);
  }

  /** The same of endpoints that were read already. */
  open(userId: string, endpoints: readonly Endpoint[]): readonly OpenedEndpoint[] {
    return endpoints.flatMap(({ id, channel, sealed }) => {
      const secret = this.#seal?.open(userId, sealed);
      return secret === undefined ? [] : [{ id, channel, secret }];
    });
  }

  /** Takes down what came of sending. False: the notification is there no more. @throws NexiosError as `call` does */
  async delivered(userId: string, report: DeliveryReport): Promise<boolean> {
    return (await this.#room(userId).call("delivered", report)).kind === "accepted";
  }

  /** Has a delivery come due again when somebody's quiet hours end. False: it is not quiet any more. @throws NexiosError as `call` does */
  async postpone(userId: string, delivery: string): Promise<boolean> {
    const outcome = await this.#room(userId).call("postpone", { delivery });
    return outcome.kind === "accepted" || outcome.code !== "NOT_QUIET";
  }

  /**
   * Forgets all of somebody for good: what is in the inbox and what was, choices, endpoints, keys. Nothing gives it back; the database's free pages hold its bytes until they
   * are used again. See first that nobody notifies him any more. @throws NexiosError as `call` does
   */
  async erase(userId: string): Promise<void> {
    await this.#room(userId).call("erase");
  }

  #room(userId: string) {
    return this.#app.room(inboxRoom, { userId });
  }
}

/** Adds an inbox for each user to an app: `const inbox = addInbox(app, { categories: { outbid: { email: "digest" } } })`. */
export function addInbox(app: NexiosApp, options: InboxOptions): Inboxes {
  app.add(serveInbox(options));
  return new Inboxes(app, options.endpointSecret);
}
