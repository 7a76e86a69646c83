import { ebaySteps, type LotKind, type SecretTerms, type Steps, type Terms, tradeMeSteps } from "nexios/auction";
import { digitsOf } from "nexios/auction/client";
import { toFieldText } from "../lots/money.ts";

export const kinds: readonly LotKind[] = ["english", "live", "dutch", "sealed"];
export const currencies = ["EUR", "USD", "GBP", "CHF", "JPY", "KWD"] as const;
export const stepTables = ["ebay", "tradeMe", "own"] as const;

/** What stands in the fields of a lot, as it was written. Fields that its kind does not have are empty. */
export interface LotDraft {
  readonly kind: LotKind;
  readonly title: string;
  readonly about: string;
  readonly currency: string;
  readonly opening: string;
  readonly reserve: string;
  readonly steps: (typeof stepTables)[number];
  readonly ownSteps: string;
  /** As `datetime-local` has it: in the person's own time zone, and empty for now. */
  readonly opensAt: string;
  readonly minutes: string;
  readonly buyNow: string;
  readonly extendSeconds: string;
  readonly mayRetract: boolean;
  readonly dropBy: string;
  readonly everySeconds: string;
  readonly lowest: string;
  readonly pays: "first" | "second";
}

export type DraftField = keyof LotDraft;

/** An empty form: five minutes, extended by late bids. */
export const emptyDraft: LotDraft = {
  kind: "english",
  title: "",
  about: "",
  currency: "EUR",
  opening: "",
  reserve: "",
  steps: "ebay",
  ownSteps: "",
  opensAt: "",
  minutes: "5",
  buyNow: "",
  extendSeconds: "60",
  mayRetract: true,
  dropBy: "",
  everySeconds: "10",
  lowest: "",
  pays: "second",
};

/** The fields of a lot that is listed already. Pure. */
export function toDraft(terms: Terms, { reserve }: SecretTerms): LotDraft {
  const { kind, title, about, currency, opening, opensAt } = terms;
  const money = (amount: number | undefined): string => (amount === undefined ? "" : toFieldText(amount, currency));
  const common = { ...emptyDraft, kind, title, about, currency, opening: money(opening), reserve: money(reserve), opensAt: toLocal(opensAt) };
  const minutes = terms.kind === "live" ? emptyDraft.minutes : String((terms.closesAt - opensAt) / 60_000);
  switch (terms.kind) {
    case "dutch":
      return { ...common, minutes, dropBy: money(terms.dropBy), everySeconds: String(terms.everyMs / 1_000), lowest: money(terms.lowest) };
    case "sealed":
      return { ...common, minutes, pays: terms.pays };
    default: {
      const extension = terms.kind === "english" ? terms.extension : undefined;
      return {
        ...common,
        ...toStepFields(terms.steps, currency),
        minutes,
        buyNow: money(terms.kind === "english" ? terms.buyNow : undefined),
        extendSeconds: String((extension?.windowMs ?? 0) / 1_000),
        mayRetract: terms.retraction !== undefined,
      };
    }
  }
}

/** A house's steps are written in hundredths; this gives them in the smallest unit of a currency. Pure. */
export function stepsIn(steps: Steps, currency: string): Steps {
  const scale = 10 ** (digitsOf(currency) - 2);
  const scaled = steps.map(({ from, step }) => ({ from: Math.round(from * scale), step: Math.max(1, Math.round(step * scale)) }));
  return scaled.filter(({ from }, index) => index === 0 || from > (scaled[index - 1]?.from ?? 0));
}

function toStepFields(steps: Steps, currency: string): Pick<LotDraft, "steps" | "ownSteps"> {
  const isTable = (table: Steps): boolean => JSON.stringify(stepsIn(table, currency)) === JSON.stringify(steps);
  if (isTable(ebaySteps)) return { steps: "ebay", ownSteps: "" };
  if (isTable(tradeMeSteps)) return { steps: "tradeMe", ownSteps: "" };
  // No sum is 0, but the first row begins there.
  const rows = steps.map(({ from, step }) => `${from === 0 ? "0" : toFieldText(from, currency)} ${toFieldText(step, currency)}`);
  return { steps: "own", ownSteps: rows.join("\n") };
}

/** A moment as `datetime-local` takes it. */
function toLocal(at: number): string {
  const offsetMs = new Date(at).getTimezoneOffset() * 60_000;
  return new Date(at - offsetMs).toISOString().slice(0, 19);
}
