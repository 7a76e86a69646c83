import { systemClock } from "nexios";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { BatchAnswer, NewEvent } from "nexios/activity";
import type { ActivitySummary } from "../../demo/server/activity.ts";
import { toActivityEvent } from "../../demo/server/activity-request.ts";
import { createSaleroom } from "../../demo/server/saleroom.ts";
import { readAccessLog } from "./access-log.ts";
import { Progress } from "./progress.ts";

export interface ReplayOptions {
  /** A running server; without it one is started. */
  readonly url: string | undefined;
  /** How many times as fast as recorded. */
  readonly speed: number;
}

/** What is sent at once: as many requests, and as many bytes. */
const batch = { requests: 100, bytes: 60_000 };
const lookEveryMs = 50;
/** However old the records are; and committed at once, since nothing else comes. */
const keepAll = { commitEvents: 1, lateMs: Infinity, keepEventsMs: Infinity, keepMinutesMs: Infinity, keepHoursMs: Infinity };
const runBytes = 6;
const idDigits = 9;

type ReplayedEvent = ReturnType<typeof toActivityEvent>;

/** Replays an access log. Gives what was sent, or, from a server of its own, what its queries answer. */
export async function replayActivity(file: string, { url, speed }: ReplayOptions): Promise<{ readonly requests: number } | ActivitySummary> {
  if (url !== undefined && !/^https?:\/\//.test(url)) throw new Error(`--url must be an address such as http://127.0.0.1:3000, not ${url}`);
  const { requests, unreadable } = await readAccessLog(file);
  if (requests.length === 0) throw new Error(`${file} has no line in Apache's combined format`);
  if (unreadable > 0) console.error(`${unreadable} lines of ${file} are not in Apache's combined format; they are left out`);
  // Those of another run are other events.
  const run = randomBytes(runBytes).toString("hex");
  const events = requests.map((request, index) => toActivityEvent(request, `${run}-${String(index).padStart(idDigits, "0")}`));
  return url === undefined ? intoOwnServer(events) : { requests: await atPace(events, url, speed) };
}

async function intoOwnServer(events: readonly ReplayedEvent[]): Promise<ActivitySummary> {
  const folder = await mkdtemp(join(tmpdir(), "nexios-replay-"));
  const newest = events.reduce((latest, { at }) => Math.max(latest, at), 0);
  // It stands still: one day, and so one salt, for the whole run.
  const app = createSaleroom({ dataFolder: folder, activity: keepAll, clock: { ...systemClock, now: () => newest } });
  try {
    const { url } = await app.listen({ port: 0 });
    const progress = new Progress("replay", events.length);
    let sent = 0;
    for (let at = 0; at < events.length; at = sent) {
      sent += await send(url, events.slice(at, endOfBatch(events, at)));
      progress.show(sent);
    }
    const response = await fetch(`${url}/activity/summary`);
    // It is our own server that answers.
    const summary = (await response.json()) as ActivitySummary;
    if (summary.requests !== events.length) throw new Error(`${events.length} requests were sent, the server has ${summary.requests}`);
    return summary;
  } finally {
    await app.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Sends each request at its moment, in the order of the records' time. */
async function atPace(events: readonly ReplayedEvent[], url: string, speed: number): Promise<number> {
  const ordered = events.toSorted((a, b) => a.at - b.at);
  const first = ordered[0]!.at;
  const start = performance.now();
  const progress = new Progress(`replay at ${speed} times its pace`, ordered.length);
  let sent = 0;
  while (sent < ordered.length) {
    const recordedMs = (performance.now() - start) * speed;
    let end = sent;
    const most = endOfBatch(ordered, sent);
    while (end < most && ordered[end]!.at - first <= recordedMs) end++;
    if (end === sent) {
      const dueInMs = (ordered[sent]!.at - first - recordedMs) / speed;
      progress.show(sent, dueInMs > 1_000 ? `the next in ${Math.ceil(dueInMs / 1000)} s` : "");
      await wait(Math.min(lookEveryMs, dueInMs));
      continue;
    }
    await send(
      url,
      ordered.slice(sent, end).map((event) => ({ ...event, at: Date.now() })),
    );
    sent = end;
    progress.show(sent);
  }
  return sent;
}

/** Where a batch that begins at `from` must end. */
function endOfBatch(events: readonly NewEvent[], from: number): number {
  let [end, bytes] = [from, 0];
  while (end < events.length && end - from < batch.requests) {
    bytes += Buffer.byteLength(JSON.stringify(events[end]));
    if (bytes > batch.bytes && end > from) break;
    end++;
  }
  return end;
}

async function send(url: string, events: readonly NewEvent[]): Promise<number> {
  const response = await fetch(new URL("/activity", url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ events }),
  }).catch((cause: unknown) => {
    throw new Error(`No server answers at ${url}: start one with "npm start", or leave out --url`, { cause });
  });
  if (!response.ok) throw new Error(`The server answered ${response.status}: ${await response.text()}`);
  const { accepted } = (await response.json()) as BatchAnswer;
  if (accepted !== events.length) throw new Error(`The server took ${accepted} of ${events.length} requests`);
  return accepted;
}
