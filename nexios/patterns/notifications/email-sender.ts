import { type NexiosApp, PermanentFailure } from "nexios";
import { type EmailMessage, toEmail } from "./email-message.ts";
import type { OpenedEndpoint } from "./notifications.ts";
import type { Outgoing } from "./outgoing.ts";
import type { Sender, SendOutcome } from "./sender.ts";
import { addUnsubscribe, UnsubscribeLinks } from "./unsubscribe.ts";

/** Hands mail over. */
export interface EmailTransport {
  /** Gives the id under which it was taken. @throws PermanentFailure where another try would come to the same; anything else is tried again */
  send(message: EmailMessage, options: { readonly signal: AbortSignal }): Promise<{ readonly id: string }>;
}

/** How an app sends mail. */
export interface EmailOptions {
  readonly transport: EmailTransport;
  /** As `House <no-reply@house.example>`. */
  readonly from: string;
  /** Where people reach the app, as `https://house.example`: links lead there. */
  readonly url: string;
  /** Signs the links that turn mail off: 32 characters or more. With another one the links of old mails do nothing. */
  readonly secret: string;
  /** Where those links lead; `/notifications/unsubscribe` unless given. */
  readonly unsubscribePath?: string;
}

/** Sends mail through a transport, and adds the page that turns it off. @throws TypeError for a secret or an address that is none */
export function addEmail(app: NexiosApp, options: EmailOptions): Sender {
  const { transport, from, url, secret, unsubscribePath = "/notifications/unsubscribe" } = options;
  if (/\p{Cc}/u.test(from)) throw new TypeError("`from` has a line break");
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? "")) throw new TypeError(`"${url}" is no address of a page`);
  const links = new UnsubscribeLinks({ secret, address: new URL(unsubscribePath, url).href });
  addUnsubscribe(app, unsubscribePath, links);
  return {
    async send(outgoing: Outgoing, { secret: opened }: OpenedEndpoint, { signal }): Promise<SendOutcome> {
      if (!("address" in opened)) return { kind: "failed", error: "it is no address" };
      const { userId, category } = outgoing;
      const message = toEmail(outgoing, { from, to: opened.address, url, secret, unsubscribeUrl: links.make(userId, category) });
      try {
        const { id } = await transport.send(message, { signal });
        return { kind: "sent", providerId: id };
      } catch (error) {
        // All of a person's devices read it, and none has to know the address.
        const text = (error instanceof Error ? error.message : String(error)).replaceAll(opened.address, "the address");
        return { kind: error instanceof PermanentFailure ? "failed" : "later", error: text };
      }
    },
  };
}
