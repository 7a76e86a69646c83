import type { ClientFrame } from "./frame.ts";
import { letters } from "./json-keys.ts";
import type { Position } from "./position.ts";

const kinds: Readonly<Record<ClientFrame["kind"], string>> = {
  hello: "o",
  renew: "k",
  ping: "t",
  join: "j",
  leave: "l",
  call: "c",
  ask: "q",
  cancel: "x",
  signal: "g",
  presence: "p",
  history: "h",
};

/**
 * One message of frames, one a line. Values of the application must be what JSON carries, or for the input of a call or a question a `Uint8Array`.
 * @throws TypeError for what has no JSON form.
 */
export function encodeClientFrames(frames: readonly ClientFrame[]): string {
  return frames.map(toClientLine).join("\n");
}

/** A frame alone. @throws as `encodeClientFrames` does */
export function toClientLine({ kind, ...fields }: ClientFrame): string {
  const wire: Record<string, unknown> = { t: kinds[kind] };
  for (const [name, value] of Object.entries<unknown>(fields)) {
    const key = letters[name] ?? name;
    if (key === "d" && value instanceof Uint8Array) wire["b"] = btoa(value.reduce((text, byte) => text + String.fromCharCode(byte), ""));
    else if (key === "p" && value !== undefined) wire["p"] = toTuple(value as Position);
    // Of a frame's own fields only flags are true or false.
    else wire[key] = key === "d" || typeof value !== "boolean" ? value : value ? 1 : undefined;
  }
  return JSON.stringify(wire);
}

function toTuple({ epoch, count, check }: Position): readonly [string, number, number] {
  return [epoch, count, check];
}
