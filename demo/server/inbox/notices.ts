import { createHash } from "node:crypto";
import { formatMoney } from "nexios/auction/client";
import type { NewNotification } from "nexios/notifications";
import type { ClosingData, MentionData, OutbidData, SoldData } from "../../rooms/inbox.ts";

/** Of which lot. */
export interface LotNamed {
  readonly lotId: string;
  readonly title: string;
}

type Notice = Omit<NewNotification, "producer" | "idempotencyKey">;

const longestTitle = 200;
const longestExcerpt = 300;

/** To whom has lost the lead. It takes the place of the one before for the same lot. Pure. */
export function outbidNotice(lot: LotNamed, data: Omit<OutbidData, "kind">, expiresAt: number | undefined): Notice {
  const { price, next, currency } = data;
  return {
    ...ofLot(lot),
    category: "outbid",
    body: `You were outbid: the price is ${money(price, currency)}, the next bid ${money(next, currency)}.`,
    priority: "high",
    collapseKey: outbidKey(lot.lotId),
    ...(expiresAt !== undefined && { expiresAt }),
    data: { kind: "outbid", ...data },
  };
}

/** To whom has bid for a lot, or follows it, when its last minutes begin. Pure. */
export function closingNotice(lot: LotNamed, data: Omit<ClosingData, "kind">): Notice {
  const price = money(data.price, data.currency);
  const standings = { leading: ` You lead, at ${price}.`, outbid: ` You are outbid: the price is ${price}.`, sealed: " Your bid is in.", none: "" };
  return {
    ...ofLot(lot),
    category: "closing",
    body: `It closes in a few minutes.${standings[data.standing]}`,
    priority: "high",
    expiresAt: data.closesAt,
    data: { kind: "closing", ...data },
  };
}

/** To whom has got the lot, and to whom has sold it. Pure. */
export function soldNotice(lot: LotNamed, kind: "won" | "sold", data: Omit<SoldData, "kind">): Notice {
  const price = money(data.price, data.currency);
  return {
    ...ofLot(lot),
    category: "won",
    body: kind === "won" ? `It is yours for ${price}.` : `Your lot was sold for ${price}.`,
    data: { kind, ...data },
  };
}

/** To whom is named in a text of the catalogue. Pure. */
export function mentionNotice(text: { readonly id: string; readonly title: string; readonly excerpt: string }, data: Omit<MentionData, "kind">): Notice {
  return {
    category: "mention",
    thread: text.id,
    title: toLine(text.title, longestTitle),
    body: `${toLine(data.name, longestTitle)}: ${toLine(text.excerpt, longestExcerpt)}`,
    link: `/desk/${text.id}`,
    data: { kind: "mention", ...data },
  };
}

/** By which a lot's notices of a lost lead are one. A lot's id may be as long as a key alone. */
export function outbidKey(lotId: string): string {
  return `outbid/${createHash("sha256").update(lotId).digest("base64url")}`;
}

/** A producer's key that is made of what it is about. */
export function noticeKey(...parts: readonly (string | number)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}

function ofLot({ lotId, title }: LotNamed): Pick<Notice, "thread" | "title" | "link"> & { readonly title: string } {
  return { thread: lotId, title: toLine(title, longestTitle), link: `/lots/${lotId}` };
}

/** A title is written by anybody: one line, of so many characters. */
function toLine(text: string, most: number): string {
  const line = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim();
  const cut = line.length <= most ? line : `${line.slice(0, most - 1).toWellFormed()}…`;
  return cut === "" ? "…" : cut;
}

function money(amount: number, currency: string): string {
  return formatMoney({ amount, currency }, "en");
}
