import { NexiosApp } from "nexios";
import { ManualClock } from "nexios/testing";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Activity } from "./activity.ts";
import { addActivity } from "./add-activity.ts";
import type { BatchAnswer, NewEvent } from "./event.ts";
import type { ActivityOptions } from "./options.ts";

let lastId = 0;

/** Has an id that no other event of the tests has. */
export function newEvent(changes: Partial<NewEvent> = {}): NewEvent {
  return { id: `event-${String(++lastId).padStart(9, "0")}`, type: "page", visitor: "ann", path: "/", ...changes };
}

/** An app that counts, on a folder of its own, by a clock that a test moves. */
export class House {
  readonly folder: string = mkdtempSync(join(tmpdir(), "nexios-activity-"));
  readonly clock = new ManualClock();
  app!: NexiosApp;
  activity!: Activity;
  #options: ActivityOptions = {};

  async open(options: ActivityOptions = {}): Promise<void> {
    this.#options = options;
    this.app = new NexiosApp({ clock: this.clock, rooms: { folder: this.folder }, env: { NEXIOS_DATA: this.folder } });
    this.activity = addActivity(this.app, { clock: this.clock, ...options, limits: { commitEvents: 1, ...options.limits } });
    await this.app.start();
  }

  /** Ends the app and starts it again on what it has stored. */
  async reopen(options: ActivityOptions = this.#options): Promise<void> {
    await this.app.stop();
    await this.open(options);
  }

  async close(): Promise<void> {
    await this.app.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What is posted is committed at once. */
  post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.app.request("/activity", { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) });
  }

  /** The answer to a batch of events. */
  async send(events: readonly NewEvent[], sentAt?: number): Promise<BatchAnswer> {
    return (await (await this.post({ events, ...(sentAt !== undefined && { sentAt }) })).json()) as BatchAnswer;
  }
}
