import type { Schema } from "nexios/contract";
import type { AlertEntry } from "./alert.ts";
import type { EvaluationChanges, NewSilence } from "./contract.ts";
import { toFields, toList, toNumber, wrong } from "./fields.ts";
import type { AlertLimits } from "./limits.ts";
import type { Matcher } from "./matcher.ts";

interface Inputs {
  readonly acknowledge: Schema<{ readonly id: number }>;
  readonly dismiss: Schema<{ readonly id: number }>;
  readonly silence: Schema<NewSilence>;
  readonly unsilence: Schema<{ readonly id: number }>;
  readonly evaluated: Schema<EvaluationChanges>;
}

const latestTime = 8_640_000_000_000_000;

/** What each call takes. */
export function alertInputs(limits: AlertLimits): Inputs {
  const text = (value: unknown, place: string, least: number): string => {
    const isText = typeof value === "string" && value.length >= least && value.length <= limits.textCharacters && value.isWellFormed();
    if (!isText) throw wrong(place, `a text of ${least} to ${limits.textCharacters} characters`, undefined);
    return value;
  };
  const toMatcher = (value: unknown, place: string): Matcher => {
    const fields = toFields(value, place, ["name", "value"], ["isNot"]);
    if (fields["isNot"] !== undefined && fields["isNot"] !== true) throw wrong(`${place}.isNot`, "true, or not there", fields["isNot"]);
    return {
      name: text(fields["name"], `${place}.name`, 1),
      value: text(fields["value"], `${place}.value`, 0),
      ...(fields["isNot"] === true && { isNot: true }),
    };
  };
  const toId = (value: unknown): { readonly id: number } => ({ id: toWhole(toFields(value, "it", ["id"])["id"], "it.id") });
  return {
    acknowledge: toSchema(toId),
    dismiss: toSchema(toId),
    unsilence: toSchema(toId),
    silence: toSchema((value) => {
      const fields = toFields(value, "it", ["matchers", "until", "why"], ["from"]);
      const matchers = toList(fields["matchers"], "it.matchers").map((each, index) => toMatcher(each, `it.matchers[${index}]`));
      if (matchers.length === 0 || matchers.length > limits.matchers)
        throw new TypeError(`it.matchers must be 1 to ${limits.matchers}, not ${matchers.length}`);
      return {
        matchers,
        ...(fields["from"] !== undefined && { from: toWhole(fields["from"], "it.from") }),
        until: toWhole(fields["until"], "it.until"),
        why: text(fields["why"], "it.why", 1),
      };
    }),
    // The server's own: nobody else gets so far as to have it decided.
    evaluated: toSchema((value) => {
      const fields = toFields(value, "it", ["at", "evaluations", "entries"], ["isTurnedBack"]);
      const entries = toList(fields["entries"], "it.entries") as readonly AlertEntry[];
      return {
        at: toNumber(fields["at"], "it.at"),
        evaluations: toWhole(fields["evaluations"], "it.evaluations"),
        entries,
        ...(fields["isTurnedBack"] === true && { isTurnedBack: true }),
      };
    }),
  };
}

function toWhole(value: unknown, place: string): number {
  const number = toNumber(value, place);
  if (!Number.isSafeInteger(number) || number < 0 || number > latestTime) throw wrong(place, "a whole number from 0", value);
  return number;
}

function toSchema<Value>(parse: (value: unknown) => Value): Schema<Value> {
  return {
    "~standard": {
      version: 1,
      vendor: "nexios",
      validate(value) {
        try {
          return { value: parse(value) };
        } catch (error) {
          return { issues: [{ message: error instanceof Error ? error.message : "It does not fit" }] };
        }
      },
    },
  };
}
