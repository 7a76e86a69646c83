import { auth, Channel, type NexiosApp } from "nexios";
import { monitorEventLoopDelay } from "node:perf_hooks";
import * as z from "zod";
import { type ActivityRequest, type Frame, RecentActivity } from "./activity-state.ts";

const group = "control";
const windowSeconds = 300;
const everyMs = 1_000;

type Measured = "requestsPerSecond" | "activeVisitors" | "memoryBytes" | "loopDelayMs";

const Renew = z.object({ type: z.literal("renew"), token: z.string() });

/** The control room's live feed: one frame a second is computed, and every viewer gets the same bytes. */
export class ControlRoom {
  readonly #recent = new RecentActivity();
  readonly #now: () => number;
  readonly #total: () => Promise<number>;
  #frames: Frame[] = [];

  constructor(options: { readonly now: () => number; readonly total: () => Promise<number> }) {
    this.#now = options.now;
    this.#total = options.total;
  }

  record(request: ActivityRequest): void {
    this.#recent.record(request, this.#now());
  }

  /** A request from before a restart. */
  restore(request: ActivityRequest): void {
    this.#recent.restore(request, request.at);
  }

  /** Adds the live route and the one ticker. */
  addTo(app: NexiosApp): void {
    const delay = monitorEventLoopDelay({ resolution: 10 });
    app.wsRoute("/live/control", auth(["jwt"]), async (ws) => {
      await ws.accept();
      const total = await this.#total();
      // Snapshot and membership in one turn: no frame comes between them.
      void ws.sendJson({ type: "initial", data: this.#snapshot(total) });
      await app.channels.addChannelToGroup(new Channel(ws, { payloadType: "json" }), group);
      for await (const { token } of ws.messages(Renew, { skipInvalid: true })) {
        // Who sends a token that proves nothing keeps the one that he has, until it runs out.
        const renewed = await ws.renew(token).then(
          () => true,
          () => false,
        );
        await ws.sendJson({ type: renewed ? "renewed" : "not-renewed" });
      }
    });
    app.onStart(() => void delay.enable());
    app.onStop(() => void delay.disable());
    app.every(everyMs, () => {
      const viewers = app.channels.members(group).length;
      const loopDelayMs = Math.round(Math.max(0, delay.percentile(99) / 1e6 - 10) * 10) / 10;
      delay.reset();
      const frame = this.#recent.frame(this.#now(), { viewers, memoryBytes: process.memoryUsage.rss(), loopDelayMs });
      this.#frames = [...this.#frames, frame].slice(-windowSeconds);
      app.channels.groupSend(group, { type: "frame", data: frame });
    });
  }

  #snapshot(total: number): object {
    const last = this.#frames.at(-1) ?? this.#recent.frame(this.#now(), { viewers: 1, memoryBytes: process.memoryUsage.rss(), loopDelayMs: 0 });
    const series = (name: Measured): number[] => this.#frames.map((frame) => frame[name]);
    return {
      ...last,
      windowSeconds,
      series: {
        requestsPerSecond: series("requestsPerSecond"),
        activeVisitors: series("activeVisitors"),
        memoryBytes: series("memoryBytes"),
        loopDelayMs: series("loopDelayMs"),
      },
      total,
    };
  }
}
