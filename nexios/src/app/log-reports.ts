import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { reportKinds } from "../world/report.ts";

/** How reports are written. */
export interface LogReportsOptions {
  /** Takes one line with its end. Standard error unless given. */
  readonly write?: (line: string) => void;
}

/** Writes each report as one line of JSON. Whatever a peer put into it, it stays one line and moves no cursor. Returns what ends it. */
export function logReports({ write = (line) => void process.stderr.write(line) }: LogReportsOptions = {}): () => void {
  const stops = reportKinds.map((kind) => {
    const onReport = (fields: unknown): void => write(`${toLine({ at: new Date().toISOString(), kind, ...(fields as object) })}\n`);
    subscribe(`nexios:${kind}`, onReport);
    return () => unsubscribe(`nexios:${kind}`, onReport);
  });
  return () => {
    for (const stop of stops) stop();
  };
}

function toLine(fields: object): string {
  const json = JSON.stringify(fields, (_key, value: unknown) =>
    value instanceof Error ? { name: value.name, message: value.message, stack: value.stack, cause: value.cause } : value,
  );
  // JSON escapes the lower control characters; a terminal also obeys some of the upper ones.
  return json.replaceAll(/[\u007f-\u009f\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
