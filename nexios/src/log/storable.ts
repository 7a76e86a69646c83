import { NexiosError } from "../protocol/failure.ts";
import type { Batch, NewEntry, Outcome } from "./log.ts";

/** Refuses what a log could not give back as it was given. Every log asks before it writes, so that none takes what another would damage. @throws NexiosError INVALID_MESSAGE */
export function requireStorable(room: string, { entries, outcomes, version, wakeAt, callsSince }: Batch): void {
  requireText(room, "name", room);
  requireInteger(room, "version", version);
  requireInteger(room, "callsSince", callsSince);
  if (wakeAt !== undefined) requireInteger(room, "wakeAt", wakeAt);
  for (const entry of entries) requireEntry(room, entry);
  for (const outcome of outcomes) requireOutcome(room, outcome);
}

/** Whether a text comes back from UTF-8 as it was: half a surrogate pair does not. */
export function isStorableText(text: string): boolean {
  return text.isWellFormed();
}

function requireEntry(room: string, { at, author, callId, version }: NewEntry): void {
  requireInteger(room, "time of an entry", at);
  requireInteger(room, "version of an entry", version);
  if (author !== undefined) requireText(room, "author", author);
  if (callId !== undefined) requireText(room, "call id", callId);
}

function requireOutcome(room: string, { key, inputHash, at, keepUntil }: Outcome): void {
  // The millisecond after it may become the room's `callsSince`.
  requireInteger(room, "time of an outcome", at + 1);
  if (keepUntil !== undefined) requireInteger(room, "end of an outcome", keepUntil);
  requireText(room, "key of an outcome", key);
  requireText(room, "input hash of an outcome", inputHash);
}

function requireText(room: string, what: string, text: string): void {
  if (!isStorableText(text)) throw new NexiosError("INVALID_MESSAGE", `The ${what} is not well-formed Unicode: nothing was written to ${room.toWellFormed()}`);
}

function requireInteger(room: string, what: string, value: number): void {
  if (!Number.isSafeInteger(value)) throw new NexiosError("INVALID_MESSAGE", `The ${what} is no safe integer: nothing was written to ${room.toWellFormed()}`);
}
