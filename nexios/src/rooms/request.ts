import { hash } from "node:crypto";
import type { Checked } from "../contract/check.ts";
import { encodeJson } from "../contract/json.ts";
import type { HostedRoom, RoomParams } from "../contract/hosted-room.ts";
import type { RoomUser } from "../contract/serve-options.ts";
import { type ErrorCode, isRetryable } from "../protocol/codes.ts";
import { NexiosError } from "../protocol/failure.ts";
import { report } from "../world/report.ts";
import { messageOf } from "./messages.ts";
import type { RoomCall } from "./call.ts";
import type { Received } from "./received.ts";
import { Cancellation } from "./cancellation.ts";

/** A call or a question as it came. */
export interface Request {
  readonly name: string;
  readonly input: unknown;
  readonly user: RoomUser;
  /** When it arrived, in the store's time. */
  readonly receivedAt: number;
  /** `undefined` for a question. */
  readonly callId: string | undefined;
  /** Absent: whoever waits for it does so to the end. */
  readonly cancellation?: Cancellation;
}

/** A call, and what makes it the same one when it comes again. */
export interface RequestedCall extends Request, Received {
  readonly callId: string;
  readonly inputHash: string;
  readonly isRepeat: boolean;
}

/** Why a request went no further, for who made it. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly path: string | undefined;
}

/** A request whose input fits, with what its `prepare` found. */
export interface Prepared {
  readonly input: unknown;
  readonly prepared: unknown;
}

/** Checks a request's input and runs its `prepare`: at once unless one of them waits, so that the common case costs no turn of the loop. */
export function prepareRequest(room: HostedRoom, params: RoomParams, request: Request): Prepared | Refusal | Promise<Prepared | Refusal> {
  const { name, input, user, receivedAt, callId, cancellation = new Cancellation() } = request;
  try {
    const checked = room.checkInput(name, input);
    return checked instanceof Promise ? checked.then(goOn).catch(fail) : goOn(checked);
  } catch (error) {
    return fail(error);
  }

  function goOn(checked: Checked): Prepared | Refusal | Promise<Prepared | Refusal> {
    if (checked.kind === "misfits") return toMisfit(checked);
    if (!room.needsPrepare(name)) return { input: checked.value, prepared: undefined };
    const preparing = room.prepare(name, checked.value, { user, params, receivedAt, callId, signal: cancellation.signal });
    // What an application's database gives need not be a promise of the language's own.
    if (!isThenable(preparing)) return { input: checked.value, prepared: preparing };
    return Promise.resolve(preparing)
      .then((prepared) => ({ input: checked.value, prepared }))
      .catch(fail);
  }

  function fail(error: unknown): Refusal {
    // It has stopped as it was asked to.
    if (cancellation.isAborted) return { code: "CANCELLED", message: messageOf("CANCELLED"), path: undefined };
    // Another room that it called, or the store, can't take it now. Nothing is decided: the same call is worth another try.
    if (error instanceof NexiosError && isRetryable(error.code)) return { code: error.code, message: messageOf(error.code), path: undefined };
    report("error", { where: `prepare ${name} of ${room.contract.path}`, error });
    return { code: "INTERNAL", message: "The room's code has failed", path: undefined };
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return value instanceof Promise || (typeof value === "object" && value !== null && "then" in value && typeof value.then === "function");
}

export function isRefusal(value: Prepared | Refusal): value is Refusal {
  return "code" in value;
}

function toMisfit({ path, issues }: Checked & { readonly kind: "misfits" }): Refusal {
  return { code: "INVALID_MESSAGE", message: issues[0]?.message ?? "does not fit", path: path === "" ? undefined : path };
}

/** A signal's or a presence's payload, checked and as it travels. */
export async function encodeChecked(check: () => Checked | Promise<Checked>): Promise<{ readonly bytes: Uint8Array } | Refusal> {
  try {
    const checked = await check();
    return checked.kind === "fits" ? { bytes: encodeJson(checked.value) } : toMisfit(checked);
  } catch (error) {
    report("error", { where: "a schema", error });
    return { code: "INTERNAL", message: "The room's code has failed", path: undefined };
  }
}

/** The call that goes to the head. */
export function toRoomCall(request: RequestedCall, { input, prepared }: Prepared, params: RoomParams): RoomCall {
  const { name, inputHash, user, receivedAt, unsureMs, callId, isRepeat } = request;
  return { kind: "call", name, input, inputHash, user, params, callId, receivedAt, unsureMs, prepared, isRepeat };
}

/** What is told of a call by its input as it came. */
export interface InputFacts {
  /** The same text is the same call. */
  readonly inputHash: string;
  /** How much of the room's queue it takes. */
  readonly bytes: number;
}

/** `isIdempotent`: what may be decided again needs not be known again. */
export function factsOfInput(name: string, input: unknown, isIdempotent = false): InputFacts {
  if (input instanceof Uint8Array) return { inputHash: isIdempotent ? "" : hashCall(name, `bytes ${hash("sha256", input, "base64url")}`), bytes: input.length };
  const text = JSON.stringify(input) ?? "";
  return { inputHash: isIdempotent ? "" : hashCall(name, text), bytes: text.length };
}

function hashCall(name: string, value: string): string {
  return hash("sha256", `${name}\n${value}`, "base64url").slice(0, 16);
}
