import { type EnglishTerms, ebaySteps, type SecretTerms, type Steps, type Terms, tradeMeSteps } from "nexios/auction";
import { readMoney, toFieldText } from "../lots/money.ts";
import { rostrumWords } from "../messages/en-rostrum.ts";
import { type DraftField, type LotDraft, stepsIn } from "./lot-draft.ts";

const { faults: words } = rostrumWords;
const retraction = { allUntilMs: 12 * 3_600_000, newestForMs: 60_000 };

/** What a draft needs beside itself to become a lot. */
export interface DraftPlace {
  readonly now: number;
  readonly sellerId: string;
  readonly sale: NonNullable<Terms["sale"]>;
}

export type DraftFaults = Partial<Record<DraftField, string>>;

/** What a draft comes to: the terms of a lot, or what is wrong with which field. */
export type DraftOutcome =
  | { readonly kind: "terms"; readonly terms: Terms; readonly secret: SecretTerms }
  | { readonly kind: "faults"; readonly faults: DraftFaults };

/** Reads the fields of a lot. Pure. */
export function toTerms(draft: LotDraft, { now, sellerId, sale }: DraftPlace): DraftOutcome {
  const read = new Reader(draft);
  const title = draft.title.trim();
  if (title === "") read.fault("title", words.missing);
  const opensAt = draft.opensAt === "" ? now : Date.parse(draft.opensAt);
  if (Number.isNaN(opensAt)) read.fault("opensAt", words.past);
  const common = { title, about: draft.about.trim(), currency: draft.currency, opening: read.sum("opening"), opensAt, sale };
  const reserve = draft.kind === "dutch" ? undefined : read.optionalSum("reserve");
  const terms = toKind(draft, common, read, now);
  if (terms.kind === "english" && terms.buyNow !== undefined && terms.buyNow < Math.max(terms.opening, reserve ?? 0)) read.fault("buyNow", words.buyNow);
  if (terms.kind === "dutch" && terms.lowest > terms.opening) read.fault("lowest", words.lowest);
  if (Object.keys(read.faults).length > 0) return { kind: "faults", faults: read.faults };
  return { kind: "terms", terms, secret: { sellerId, ...(reserve !== undefined && { reserve }) } };
}

function toKind(draft: LotDraft, common: Pick<Terms, "title" | "about" | "currency" | "opening" | "opensAt">, read: Reader, now: number): Terms {
  const retract = draft.mayRetract && { retraction };
  if (draft.kind === "live") return { ...common, kind: "live", steps: read.steps(), ...retract };
  const closesAt = common.opensAt + Math.round(read.number("minutes") * 60_000);
  if (closesAt <= now) read.fault(draft.opensAt === "" ? "minutes" : "opensAt", words.past);
  switch (draft.kind) {
    case "english": {
      const buyNow = read.optionalSum("buyNow");
      return { ...common, kind: "english", closesAt, steps: read.steps(), ...retract, ...read.extension(), ...(buyNow !== undefined && { buyNow }) };
    }
    case "dutch":
      return {
        ...common,
        kind: "dutch",
        closesAt,
        dropBy: read.sum("dropBy"),
        everyMs: Math.round(read.number("everySeconds") * 1_000),
        lowest: read.sum("lowest"),
      };
    case "sealed":
      return { ...common, kind: "sealed", closesAt, pays: draft.pays };
  }
}

/** Reads one field after the other, and keeps what was wrong. What it gives for a wrong one is not used. */
class Reader {
  readonly faults: DraftFaults = {};
  readonly #draft: LotDraft;

  constructor(draft: LotDraft) {
    this.#draft = draft;
  }

  fault(field: DraftField, text: string): void {
    this.faults[field] ??= text;
  }

  sum(field: "opening" | "dropBy" | "lowest" | "reserve" | "buyNow"): number {
    const { currency } = this.#draft;
    const amount = readMoney(this.#draft[field], currency);
    if (amount === undefined) this.fault(field, words.sum(exampleIn(currency)));
    return amount ?? 0;
  }

  optionalSum(field: "reserve" | "buyNow"): number | undefined {
    return this.#draft[field].trim() === "" ? undefined : this.sum(field);
  }

  number(field: "minutes" | "everySeconds"): number {
    const number = Number(this.#draft[field].replace(",", "."));
    if (number > 0 && number < Infinity) return number;
    this.fault(field, words.number);
    return 1;
  }

  extension(): Pick<EnglishTerms, "extension"> {
    const seconds = Number(this.#draft.extendSeconds);
    if (!Number.isInteger(seconds) || seconds < 0) this.fault("extendSeconds", words.seconds);
    return seconds > 0 ? { extension: { windowMs: seconds * 1_000, byMs: seconds * 1_000 } } : {};
  }

  steps(): Steps {
    const { steps, ownSteps, currency } = this.#draft;
    if (steps !== "own") return stepsIn(steps === "ebay" ? ebaySteps : tradeMeSteps, currency);
    const rows = ownSteps
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => toStep(line, currency));
    const isRight =
      rows.length > 0 && rows.every((row, index) => row !== undefined && (index === 0 ? row.from === 0 : row.from > (rows[index - 1]?.from ?? 0)));
    if (!isRight) this.fault("ownSteps", words.steps(`0 ${exampleIn(currency)}`));
    return rows.filter((row) => row !== undefined);
  }
}

function toStep(line: string, currency: string): Steps[number] | undefined {
  const [first = "", second = "", ...more] = line.trim().split(/\s+/);
  const from = first === "0" ? 0 : readMoney(first, currency);
  const step = readMoney(second, currency);
  return from === undefined || step === undefined || more.length > 0 ? undefined : { from, step };
}

function exampleIn(currency: string): string {
  return toFieldText(12_500, currency);
}
