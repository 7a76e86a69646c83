import { createHmac } from "node:crypto";
import type { Outgoing } from "./outgoing.ts";

/** A mail, whole. No text of it has a line break where a header has none. */
export interface EmailMessage {
  readonly from: string;
  /** One bare address. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The same at each try, in angle brackets: who gets it twice can tell. */
  readonly messageId: string;
  /** Further headers, by their names. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What a mail is made of beside its content. */
export interface EmailFacts {
  readonly from: string;
  readonly to: string;
  /** The app's own address: links that are paths lead there. */
  readonly url: string;
  readonly secret: string;
  /** Where its category's mail is turned off. */
  readonly unsubscribeUrl: string;
}

interface Part {
  readonly title: string;
  readonly body: string;
  readonly link: string | undefined;
}

/** Writes a mail. Pure. */
export function toEmail(outgoing: Outgoing, { from, to, url, secret, unsubscribeUrl }: EmailFacts): EmailMessage {
  const { title, digest } = outgoing;
  const parts = (digest ?? [outgoing]).map((each): Part => ({
    title: each.title,
    body: each.body ?? "",
    link: each.link === undefined ? undefined : toWebLink(each.link, url),
  }));
  const more = digest === undefined ? 0 : outgoing.count - digest.length;
  const moreLine = more > 0 ? `And ${more} more.` : undefined;
  const offer = "To get no more mail of this kind:";
  const text = [
    ...(digest === undefined ? [] : [title]),
    ...parts.map((part) => [part.title, part.body, part.link].filter((line) => line !== undefined && line !== "").join("\n")),
    ...(moreLine === undefined ? [] : [moreLine]),
    `-- \n${offer} ${unsubscribeUrl}`,
  ].join("\n\n");
  const html = [
    `<!doctype html><html><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head><body>`,
    ...(digest === undefined ? [] : [`<h1>${escapeHtml(title)}</h1>`]),
    ...parts.map(toHtml),
    ...(moreLine === undefined ? [] : [`<p>${moreLine}</p>`]),
    `<hr><p>${offer} <a href="${escapeHtml(unsubscribeUrl)}">turn it off</a></p></body></html>`,
  ].join("\n");
  return {
    from,
    to,
    subject: toHeader(title),
    text,
    html,
    messageId: messageIdOf(outgoing, { to, url, secret }),
    headers: {
      // RFC 8058: one press in a mail program, and no page.
      "List-Unsubscribe": `<${unsubscribeUrl}>`,
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
      // RFC 3834: no answering machine is to answer.
      "Auto-Submitted": "auto-generated",
    },
  };
}

function toHtml({ title, body, link }: Part): string {
  const heading = link === undefined ? escapeHtml(title) : `<a href="${escapeHtml(link)}">${escapeHtml(title)}</a>`;
  const lines = body === "" ? "" : `<p>${escapeHtml(body).replaceAll("\n", "<br>\n")}</p>`;
  return `<h2>${heading}</h2>${lines}`;
}

/** It is `undefined` for what leads to no page. */
function toWebLink(link: string, url: string): string | undefined {
  const found = URL.parse(link, url);
  return found?.protocol === "https:" || found?.protocol === "http:" ? found.href : undefined;
}

function messageIdOf({ userId, delivery }: Outgoing, { to, url, secret }: Pick<EmailFacts, "to" | "url" | "secret">): string {
  const name = createHmac("sha256", secret)
    .update(JSON.stringify(["message", userId, delivery, to]))
    .digest("base64url");
  return `<${name}@${new URL(url).hostname}>`;
}

/** One line, whatever came: a break would begin a header of its own. */
function toHeader(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** For text and for attributes in double quotes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
