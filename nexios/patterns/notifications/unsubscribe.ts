import { createHmac, timingSafeEqual } from "node:crypto";
import type { NexiosApp } from "nexios";
import { inboxRoom } from "./contract.ts";
import { escapeHtml } from "./email-message.ts";

/** Whose mail of which category a link turns off. */
interface Unsubscribed {
  readonly userId: string;
  readonly category: string;
}

/** Links that turn off a category's mail without a sign-in: signed, for one person and one category, and for good. */
export class UnsubscribeLinks {
  readonly #secret: string;
  readonly #address: string;

  /** @throws TypeError for a secret below 32 characters */
  constructor({ secret, address }: { readonly secret: string; readonly address: string }) {
    if (secret.length < 32) throw new TypeError("The secret for links that turn mail off has at least 32 characters");
    this.#secret = secret;
    this.#address = address;
  }

  make(userId: string, category: string): string {
    const named = Buffer.from(JSON.stringify([userId, category])).toString("base64url");
    return `${this.#address}/${named}.${this.#sign(named).toString("base64url")}`;
  }

  /** `undefined` for a link's end that was not made here. */
  read(token: string): Unsubscribed | undefined {
    const [named = "", signed = ""] = token.split(".");
    const signature = Buffer.from(signed, "base64url");
    const expected = this.#sign(named);
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return undefined;
    // Only what was signed here comes so far.
    const [userId, category] = JSON.parse(Buffer.from(named, "base64url").toString("utf8")) as [string, string];
    return { userId, category };
  }

  #sign(named: string): Buffer {
    return createHmac("sha256", this.#secret).update(`nexios unsubscribe\n${named}`).digest();
  }
}

/** Adds the page that such a link leads to: looking at it changes nothing, since mail programs look at links by themselves; its button does, and so does a mail program's own (RFC 8058). */
export function addUnsubscribe(app: NexiosApp, path: string, links: UnsubscribeLinks): void {
  const answer = async (token: string, change: boolean): Promise<Response> => {
    const found = links.read(token);
    if (found === undefined) return toPage("<p>This link is not valid.</p>", 404);
    const { userId, category } = found;
    if (!change) return toPage(`<p>No more mail about “${escapeHtml(category)}”?</p><form method="post"><button>Turn it off</button></form>`, 200);
    const off = { category, channel: "email", choice: "off" } as const;
    // Refused where the category is no more: then there is no mail of it either.
    await app.room(inboxRoom, { userId }).call("prefer", off, { user: { id: userId, name: userId } });
    return toPage(`<p>There will be no more mail about “${escapeHtml(category)}”. You can turn it on again in your preferences.</p>`, 200);
  };
  app.get(`${path}/{token}`, (c) => answer(c.req.param("token"), false));
  app.post(`${path}/{token}`, (c) => answer(c.req.param("token"), true));
}

function toPage(body: string, status: number): Response {
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Mail</title></head><body>${body}</body></html>`;
  return new Response(html, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      "cache-control": "no-store",
      // The address is the key.
      "referrer-policy": "no-referrer",
      "x-robots-tag": "noindex",
    },
  });
}
