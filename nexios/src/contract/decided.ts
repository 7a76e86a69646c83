import { BytePool } from "../protocol/byte-pool.ts";
import { isAccepted, isRefused, type Refused } from "./decision.ts";
import { encodeJson } from "./json.ts";
import type { RequestFacts } from "./room-contract.ts";

/** What goes with the reply. */
const replies = new BytePool();

/** A call's decision, with all that travels already encoded. */
export type Decided = { readonly kind: "accepted"; readonly entries: readonly unknown[]; readonly result: Uint8Array | undefined } | RefusedBytes;
/** A question's answer. */
export type Answered = { readonly kind: "answered"; readonly value: Uint8Array } | RefusedBytes;

/** A refusal with its data as JSON. */
interface RefusedBytes {
  readonly kind: "refused";
  readonly code: string;
  readonly data: Uint8Array | undefined;
}

/** Checks and encodes what `decide` gave, before anything is appended. @throws TypeError for what the contract does not know or JSON cannot carry. */
export function toDecided(decision: unknown, what: string, facts: RequestFacts): Decided {
  if (isRefused(decision)) return toRefused(decision, what, facts);
  if (!isAccepted(decision)) throw new TypeError(`${what} must return accept(...) or refuse(...)${hintFor(decision)}`);
  const { entries, result } = decision;
  if ((result !== undefined) !== facts.hasResult)
    throw new TypeError(`${what} must accept ${facts.hasResult ? "with" : "without"} a result, as the contract says`);
  return { kind: "accepted", entries, result: encodeOptional(result, `${what}'s result`) };
}

/** The same for a question. */
export function toAnswered(answer: unknown, what: string, facts: RequestFacts): Answered {
  if (isRefused(answer)) return toRefused(answer, what, facts);
  if (isAccepted(answer) || answer instanceof Promise) throw new TypeError(`${what} must return a value or refuse(...)${hintFor(answer)}`);
  return { kind: "answered", value: encodeJson(answer, `${what}'s answer`, replies) };
}

function toRefused({ code, data }: Refused<Record<string, unknown>>, what: string, facts: RequestFacts): RefusedBytes {
  if (!facts.refusals.has(code)) throw new TypeError(`${what} refuses with "${code}", which the contract does not declare`);
  return { kind: "refused", code, data: encodeOptional(data, `${what}'s data of ${code}`) };
}

function encodeOptional(value: unknown, what: string): Uint8Array | undefined {
  return value === undefined ? undefined : encodeJson(value, what, replies);
}

function hintFor(value: unknown): string {
  return value instanceof Promise ? "; it is pure: what waits belongs into prepare" : "";
}
