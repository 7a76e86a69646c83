import { fromBase64 } from "./base64.ts";
import type { Payload } from "./frame.ts";
import { type Fields, invalid, takeFlag, takeOptional, takeText, toFields } from "./json-fields.ts";
import { itemSpans, memberSpan } from "./json-spans.ts";

/** An object of a server's message that still has its text, for what must keep its bytes. */
export interface Source extends Fields {
  readonly text: string;
  readonly open: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @param text What `value` was parsed from. @throws NexiosError INVALID_MESSAGE for what is no object. */
export function toSource(value: unknown, text: string): Source {
  return { ...toFields(value, ""), text, open: text.indexOf("{") };
}

/** The objects of the list `l`. @throws NexiosError INVALID_MESSAGE */
export function takeList(source: Source): readonly Source[] {
  const { values, path, text, open } = source;
  const items = values["l"];
  const span = memberSpan(text, open, "l");
  if (!Array.isArray(items) || span === undefined) throw invalid(source, "l", "The frame's list must be one of objects");
  return itemSpans(text, span.from).map(({ from }, index) => ({ ...toFields(items[index], `${path}.l.${index}`), text, open: from }));
}

/** The JSON that the application gave, byte by byte: a check runs over it. `undefined`: there is none. @throws NexiosError INVALID_MESSAGE */
export function takeJson({ values, path, text, open }: Source): Uint8Array | undefined {
  const span = memberSpan(text, open, "d");
  if (span !== undefined) return encoder.encode(text.slice(span.from, span.to));
  return takeOptional({ values, path }, "b", "payload", takeCoveredJson);
}

/** As `takeJson`, where there must be some. */
export function takeNeededJson(source: Source): Uint8Array {
  const bytes = takeJson(source);
  if (bytes === undefined) throw invalid(source, "d", "The frame has no payload");
  return bytes;
}

/** @param isWhole A piece of a JSON text is not JSON. @throws NexiosError INVALID_MESSAGE */
export function takePayload(source: Source, isWhole: boolean): Payload {
  const format = source.values["d"] !== undefined || takeFlag(source, "j", "mark of JSON") ? "json" : "bytes";
  return { format, bytes: format === "json" && isWhole ? takeNeededJson(source) : takeBytes(source, "b", "payload") };
}

/** Bytes that stand as base64. @throws NexiosError INVALID_MESSAGE */
export function takeBytes(fields: Fields, key: string, what: string): Uint8Array {
  const bytes = fromBase64(takeText(fields, key, what));
  if (bytes === undefined) throw invalid(fields, key, `The frame's ${what} must be base64`);
  return bytes;
}

/** Parsing the frame has shown that what stands in it is JSON; this was not seen by it. */
function takeCoveredJson(fields: Fields, key: string, what: string): Uint8Array {
  const bytes = takeBytes(fields, key, what);
  if (bytes.length > 0 && !isJson(bytes)) throw invalid(fields, key, `The frame's ${what} must be JSON`);
  return bytes;
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(decoder.decode(bytes));
    return true;
  } catch {
    return false;
  }
}
