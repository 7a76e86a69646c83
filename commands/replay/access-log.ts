import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import type { ActivityRequest } from "../../demo/server/activity-request.ts";

/** An access log, and how many of its lines are none of its format. */
export interface AccessLog {
  readonly requests: readonly ActivityRequest[];
  readonly unreadable: number;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const line = /^(\S+) \S+ \S+ \[(\d{2})\/(\w{3})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})\] "((?:[^"\\]|\\.)*)" (\d{3}) /;

/** Reads an access log in Apache's combined format, plain or gzip. */
export async function readAccessLog(file: string): Promise<AccessLog> {
  const bytes = await readFile(file);
  const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  const lines = text.split("\n").filter((each) => each !== "");
  const requests = lines.map(parseLine).filter((request) => request !== undefined);
  return { requests, unreadable: lines.length - requests.length };
}

/** `undefined` for a line of another form. What was no HTTP request (a scan, a time-out) has the method `-`, and its text as its path. */
export function parseLine(text: string): ActivityRequest | undefined {
  const match = line.exec(text);
  if (match === null) return undefined;
  const [, visitor = "", day, month = "", year, hour, minute, second, sign, offsetHours, offsetMinutes, request = "", status] = match;
  const offsetMs = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000 * (sign === "-" ? -1 : 1);
  const local = new Date(Date.UTC(Number(year), months.indexOf(month), Number(day), Number(hour), Number(minute), Number(second)));
  // 31 February would be taken for a day in March.
  if (!months.includes(month) || local.getUTCDate() !== Number(day)) return undefined;
  const [, method = "-", path = request === "" ? "-" : request] = /^([A-Za-z-]{1,32}) (\S+)(?: HTTP\/[\d.]+)?$/.exec(request) ?? [];
  return { at: local.getTime() - offsetMs, visitor, method, path, status: Number(status) };
}
