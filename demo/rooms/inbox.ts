/** What people are told of, and on which channels unless they choose otherwise. */
export const categories = {
  outbid: { live: "on", push: "on", email: "off" },
  closing: { live: "on", push: "on", email: "off" },
  won: { live: "on", push: "on", email: "off" },
  mention: { live: "on", push: "on", email: "off" },
  alert: { live: "on", push: "on", email: "off" },
} as const;

export type Category = keyof typeof categories;
export const categoryNames = Object.keys(categories) as readonly Category[];

/** A lot's last minutes: whoever has bid for it, or follows it, is told that they begin. */
export const closingSoonMs = 5 * 60_000;

/** That somebody has lost the lead; not to whom, since bidders are numbers to each other. */
export interface OutbidData {
  readonly kind: "outbid";
  readonly price: number;
  readonly next: number;
  readonly currency: string;
}

export interface ClosingData {
  readonly kind: "closing";
  readonly closesAt: number;
  readonly standing: "leading" | "outbid" | "sealed" | "none";
  readonly price: number;
  readonly currency: string;
}

export interface SoldData {
  readonly kind: "won" | "sold";
  readonly price: number;
  readonly currency: string;
  /** Its reader has ended the lot himself: he has bought it at its price, or let the hammer fall. */
  readonly isOwn?: boolean;
}

export interface MentionData {
  readonly kind: "mention";
  /** Of whoever has written it. */
  readonly name: string;
}

/** What a page needs to say a notice in its reader's language. */
export type NoticeData = OutbidData | ClosingData | SoldData | MentionData;
