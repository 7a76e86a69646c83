import type { Choice, SentChannel } from "./entry.ts";

/** What applies to a category until its reader chooses otherwise. */
export interface CategoryDefaults {
  /** Whether a page says at once that one has come; it is in the list in any case. `on` unless given. */
  readonly live?: "on" | "off";
  /** `on` unless given. */
  readonly push?: Choice;
  /** `off` unless given. */
  readonly email?: Choice;
}

/** When what is sent. */
export interface DeliveryRules {
  /** Every category that there is, by its name. */
  readonly categories: Readonly<Record<string, CategoryDefaults>>;
  /** No device has it for so long: it is pushed. 2 s unless given. */
  readonly pushAfterMs: number;
  /** It was on no screen for so long: an e-mail is due. 15 min unless given. */
  readonly emailAfterMs: number;
  /** Of one collapse key nobody is pushed to again before this: the wait is `pushAfterMs`, twice as long each time that nobody has looked, and at most this. 1 h unless given; 0: no wait. */
  readonly pushGapMs: number;
  /** The same of e-mails and `emailAfterMs`. A day unless given. */
  readonly emailGapMs: number;
  /** A digest is closed so long after its first notification. 1 h unless given. */
  readonly digestMs: number;
}

export const defaultDeliveryTimes: Omit<DeliveryRules, "categories"> = {
  pushAfterMs: 2_000,
  emailAfterMs: 15 * 60_000,
  pushGapMs: 3_600_000,
  emailGapMs: 86_400_000,
  digestMs: 3_600_000,
};

export const sentChannels: readonly SentChannel[] = ["push", "email"];

/** What a category has by itself; `undefined` if there is no such category. */
export function defaultsOf({ categories }: Pick<DeliveryRules, "categories">, category: string): Required<CategoryDefaults> | undefined {
  // What is inherited is no category.
  if (!Object.hasOwn(categories, category)) return undefined;
  return { live: "on", push: "on", email: "off", ...categories[category] };
}
