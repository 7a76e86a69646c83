import { channel } from "node:diagnostics_channel";
import type { Cancel, Clock, NexiosApp } from "nexios";
import { dashboardRoom } from "./contract.ts";
import type { DashboardView } from "./dashboards.ts";
import type { Measured } from "./meter.ts";
import type { Pace } from "./pace.ts";
import { type Sampled, Sampler, selectFrom } from "./sampler.ts";
import { isAhead } from "./turn-back.ts";
import type { StoredBlock } from "./window.ts";
import { WindowKeeper } from "./window-keeper.ts";
import type { WindowStore } from "./window-store.ts";

/** What a feed works on. */
export interface FeedServices {
  readonly views: ReadonlyMap<string, DashboardView>;
  readonly paces: readonly Pace[];
  readonly read: () => Measured;
  /** Whether it is this process that gives what it has measured, and keeps it. All measure, so that another can go on at once. */
  readonly gives: () => boolean;
  readonly clock: Pick<Clock, "now" | "after">;
  /** Absent: a restart begins with an empty window. */
  readonly windows: WindowStore | undefined;
  /** A sample was computed. */
  readonly onComputed: (samples: number) => void;
}

/** Of what was measured at most so much is lost with the process. */
const keepEveryMs = 10_000;
/** A window that is found at the same step so often, ahead of the clock, is measured by nobody. */
const stuckAfter = 3;
const reports = channel("nexios:error");

/** Measures at each step, and gives what it has measured to all dashboards. */
export class DashboardFeed {
  readonly #app: NexiosApp;
  readonly #services: FeedServices;
  readonly #sampler: Sampler;
  readonly #selected = new Map<string, Map<string, boolean>>();
  /** Rooms whose last sample is not appended yet: they miss a step. */
  readonly #underWay = new Set<string>();
  /** Rooms whose window is ahead of the clock: where it stands, and how often it was found there. */
  readonly #stood = new Map<string, { readonly tick: number; readonly times: number }>();
  #keepers: readonly WindowKeeper[] = [];
  #keptAt = 0;
  #keeping: Promise<void> = Promise.resolve();
  #cancel: Cancel = () => undefined;

  constructor(app: NexiosApp, services: FeedServices) {
    this.#app = app;
    this.#services = services;
    this.#sampler = new Sampler(services.paces);
  }

  /** Opens all windows, with what is known from before, and begins to measure. */
  async start(): Promise<void> {
    const { views, paces, clock, windows } = this.#services;
    this.#keepers = await Promise.all(paces.map(async (pace) => new WindowKeeper(pace, await this.#load(pace))));
    for (const { pace, whole } of this.#keepers) {
      const { seconds, steps } = pace;
      for (const [name, view] of views) {
        const blocks = whole === undefined ? [] : this.#select(view, whole);
        await this.#room(name, pace).call("open", { stepMs: seconds * 1_000, steps, blocks });
      }
    }
    if (windows === undefined) this.#keepers = [];
    this.#keptAt = clock.now();
    this.#wait();
  }

  /** What is not kept yet is kept. */
  async stop(): Promise<void> {
    this.#cancel();
    this.#keep();
    await this.#keeping;
  }

  #wait(): void {
    const { clock } = this.#services;
    const now = clock.now();
    this.#cancel = clock.after(this.#sampler.nextAt(now) - now, () => {
      this.#wait();
      this.#step();
    });
  }

  #step(): void {
    const { clock, read, gives, views, onComputed } = this.#services;
    const now = clock.now();
    try {
      const sampled = this.#sampler.step(now, read);
      const isGiving = gives();
      onComputed(sampled.length);
      for (const { pace, sample } of sampled) {
        this.#keepers.find((keeper) => keeper.pace === pace)?.add(sample);
        if (!isGiving) continue;
        for (const [name, view] of views) void this.#give(name, view, { pace, sample });
      }
    } catch (error) {
      reports.publish({ where: "measuring for dashboards", error });
    }
    // Either way: the clock may have gone back.
    if (Math.abs(now - this.#keptAt) < keepEveryMs) return;
    this.#keptAt = now;
    this.#keep();
  }

  async #give(name: string, { select }: DashboardView, { pace, sample: whole }: Sampled): Promise<void> {
    const room = this.#room(name, pace);
    if (this.#underWay.has(room.name)) return;
    this.#underWay.add(room.name);
    try {
      const sample = selectFrom(whole, select, this.#selectedBy(name));
      const stood = this.#stood.get(room.name);
      const isStuck = stood !== undefined && stood.times >= stuckAfter;
      const outcome = await room.call("sample", isStuck ? { ...sample, stoodAt: stood.tick } : sample);
      this.#noteLate(room.name, sample.tick, outcome.kind === "refused" && outcome.code === "LATE" ? outcome.data.tick : undefined);
    } catch (error) {
      reports.publish({ where: room.name, error });
    } finally {
      this.#underWay.delete(room.name);
    }
  }

  /** Late is what another process has measured already. Where nobody measures later steps either, it is the clock that has gone back. */
  #noteLate(name: string, tick: number, windowTick: number | undefined): void {
    if (windowTick === undefined || !isAhead(windowTick, tick)) this.#stood.delete(name);
    else {
      const before = this.#stood.get(name);
      this.#stood.set(name, { tick: windowTick, times: before?.tick === windowTick ? before.times + 1 : 1 });
    }
  }

  async #load(pace: Pace): Promise<readonly StoredBlock[]> {
    try {
      return (await this.#services.windows?.load(pace)) ?? [];
    } catch (error) {
      // A dashboard that begins empty is better than none.
      reports.publish({ where: "the windows of dashboards", error });
      return [];
    }
  }

  /** One after the other: what the store has not taken is in the next block. */
  #keep(): void {
    const { windows } = this.#services;
    if (windows !== undefined) this.#keeping = this.#keeping.then(() => this.#keepRest(windows));
  }

  async #keepRest(windows: WindowStore): Promise<void> {
    if (!this.#services.gives()) {
      // Another process keeps the same; what it may not have kept yet when it dies is kept here.
      for (const keeper of this.#keepers) keeper.noteKept(keeper.tick - Math.ceil(keepEveryMs / (keeper.pace.seconds * 1_000)));
      return;
    }
    const rests = this.#keepers.flatMap((keeper) =>
      keeper.rest === undefined ? [] : [{ keeper, pace: keeper.pace, block: keeper.rest, isTurnedBack: keeper.isTurnedBack }],
    );
    try {
      await windows.keep(rests);
      for (const { keeper, block } of rests) keeper.noteKept(block.tick);
    } catch (error) {
      reports.publish({ where: "the windows of dashboards", error });
    }
  }

  /** What a dashboard shows of what is known from before: nothing where it can not say so. */
  #select({ select }: DashboardView, block: StoredBlock): readonly StoredBlock[] {
    if (select === undefined) return [block];
    try {
      return [{ ...block, columns: block.columns.filter(({ metric, labels }) => select(metric, labels)) }];
    } catch (error) {
      reports.publish({ where: "the windows of dashboards", error });
      return [];
    }
  }

  #selectedBy(name: string): Map<string, boolean> {
    const known = this.#selected.get(name) ?? new Map<string, boolean>();
    this.#selected.set(name, known);
    return known;
  }

  #room(name: string, { seconds }: Pace) {
    return this.#app.room(dashboardRoom, { name, pace: String(seconds) });
  }
}
