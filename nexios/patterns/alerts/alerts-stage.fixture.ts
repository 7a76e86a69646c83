import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NexiosApp } from "nexios";
import { ManualClock } from "nexios/testing";
import { addAlerts, type AlertsOptions, type AppAlerts, type DeliveredNotice } from "./add-alerts.ts";
import { alertsRoom } from "./contract.ts";
import type { AlertsState } from "./state.ts";
import type { MetricValue } from "./watch.ts";

const minute = 60_000;
export const hot = { name: "Hot", metric: "temp", when: { above: 85 }, clear: 75, forMs: minute, annotations: { summary: "Too hot" } } as const;

/** An app with alerts on a folder of its own, whose clock is moved by hand and whose values are set. Ann may act, Bob may watch, Eve may not. */
export class AlertsStage {
  readonly clock = new ManualClock();
  values: readonly MetricValue[] | Error = [];
  readonly notices: DeliveredNotice[] = [];
  readonly errors: string[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), "nexios-alerts-"));
  #running: { readonly app: NexiosApp; readonly alerts: AppAlerts } | undefined;

  get app(): NexiosApp {
    return this.#open.app;
  }

  get alerts(): AppAlerts {
    return this.#open.alerts;
  }

  async open(options: Partial<AlertsOptions> = {}): Promise<void> {
    const app = new NexiosApp({ clock: this.clock, rooms: { folder: this.#folder } });
    const alerts = addAlerts(app, {
      rules: [hot],
      read: () => {
        if (this.values instanceof Error) throw this.values;
        return this.values;
      },
      mayWatch: ({ id }) => id !== "eve",
      mayAct: ({ id }) => id === "ann",
      notify: (notice) => void this.notices.push(notice),
      onError: (where, error) => this.errors.push(`${where}: ${error instanceof Error ? error.message : String(error)}`),
      ...options,
    });
    this.#running = { app, alerts };
    await app.start();
  }

  async reopen(options: Partial<AlertsOptions> = {}): Promise<void> {
    await this.app.stop({ deadlineMs: 200 });
    await this.open(options);
  }

  async close(): Promise<void> {
    await this.app.stop({ deadlineMs: 200 });
    rmSync(this.#folder, { recursive: true });
  }

  /** Lets time pass, in steps that leave the store its time. */
  async pass(ms: number, stepMs = 5_000): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      await this.clock.advance(Math.min(stepMs, ms - passed));
      await this.state();
    }
  }

  /** Of hosts 0, 1 and so on. */
  temperatures(...of: readonly number[]): void {
    this.values = of.map((value, index) => ({ metric: "temp", labels: { host: String(index) }, value }));
  }

  room() {
    return this.app.room(alertsRoom, { name: "main" });
  }

  state(): Promise<AlertsState> {
    return this.alerts.state();
  }

  /** `0 firing, 1 pending`: by host. */
  async phases(): Promise<string> {
    return (await this.state()).alerts.map(({ phase, labels }) => `${labels["host"] ?? ""} ${phase}`).join(", ");
  }

  get #open(): { readonly app: NexiosApp; readonly alerts: AppAlerts } {
    if (this.#running === undefined) throw new TypeError("The stage is not open");
    return this.#running;
  }
}
