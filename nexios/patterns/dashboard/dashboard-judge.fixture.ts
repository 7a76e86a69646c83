import type { ClientRoom } from "nexios/client";
import type { Cluster } from "../../src/simulation/cluster.ts";
import type { Position } from "../../src/protocol/position.ts";
import type { DashboardRoom } from "./contract.ts";
import { DashboardOracle } from "./dashboard-oracle.fixture.ts";
import type { DashboardEntry } from "./frame.ts";
import type { Sample } from "./sample.ts";
import { type Dashboard, emptyDashboard } from "./state.ts";

/** A place of a log: the fold from nothing up to it, and the steps that were measured since the window was opened. */
interface Truth {
  readonly dashboard: Dashboard;
  readonly text: string;
  readonly ticks: readonly number[];
}

const nothing: Truth = { dashboard: emptyDashboard, text: "", ticks: [] };

/** Compares what viewers of one room have with the fold of its log, and that with what was measured. */
export class DashboardJudge {
  readonly #cluster: Cluster;
  readonly #contract: DashboardRoom;
  readonly #room: string;
  readonly #oracle = new DashboardOracle();
  readonly #truths = new Map<string, Truth>();
  /** By epoch and count: a log that has lost its newest entries gets others in their places. */
  readonly #latest = new Map<string, Truth>();
  readonly #texts = new WeakMap<Dashboard, string>();
  readonly #acknowledged: number[] = [];
  #judged = 0;

  constructor(cluster: Cluster, contract: DashboardRoom, room: string) {
    this.#cluster = cluster;
    this.#contract = contract;
    this.#room = room;
  }

  /** Something was measured, whether it comes to the log or not. */
  noteSample(sample: Sample): void {
    this.#oracle.note(sample);
  }

  noteAcknowledged(tick: number): void {
    this.#acknowledged.push(tick);
  }

  /** At any moment: who stands at a place has the fold of the log up to it, which is what was measured. */
  look(viewers: ReadonlyMap<string, ClientRoom<DashboardRoom>>): void {
    this.#foldOn();
    for (const [name, { confirmedState, position }] of viewers) {
      if (confirmedState === undefined || position === undefined || position.count === 0) continue;
      if (this.#textOf(confirmedState) !== this.#truths.get(toKey(position))?.text) {
        this.#report(`${name} has at ${position.count} what is not the fold of the log`);
      }
    }
  }

  /** In the calm: all viewers have the same window, and what was acknowledged is in the log, unless the log has lost some. */
  lookAtEnd(viewers: ReadonlyMap<string, ClientRoom<DashboardRoom>>): void {
    const held = [...viewers.values()].filter(({ isHeld }) => isHeld);
    if (new Set(held.map(({ confirmedState }) => confirmedState && this.#textOf(confirmedState))).size !== 1) this.#report("viewers differ in the calm");
    if (this.#cluster.disks.volatile.lostTails > 0) return;
    const known = new Set([...this.#latest.values()].flatMap(({ ticks }) => ticks));
    const lost = this.#acknowledged.find((tick) => !known.has(tick));
    if (lost !== undefined) this.#report(`step ${lost} was acknowledged and is not in the log`);
  }

  #foldOn(): void {
    const ever = this.#cluster.diskOf(this.#room).everCommitted(this.#room);
    for (const { epoch, entry } of ever.slice(this.#judged)) {
      this.#judged++;
      const part = entry.public;
      if (part === undefined) continue;
      const before = this.#latest.get(`${epoch}:${part.position - 1}`) ?? nothing;
      const after = this.#after(before, this.#contract.decodeEntry(part.bytes, entry.version));
      this.#latest.set(`${epoch}:${part.position}`, after);
      this.#truths.set(toKey({ epoch, count: part.position, check: part.check }), after);
    }
  }

  #after({ dashboard: before, ticks }: Truth, entry: DashboardEntry): Truth {
    const dashboard = this.#contract.evolve(before, entry);
    const truth = (next: readonly number[]): Truth => ({ dashboard, text: this.#textOf(dashboard), ticks: next });
    if ("opened" in entry) return truth([]);
    if ("block" in entry) {
      const size = Math.max(0, ...entry.block.columns.map(({ points }) => points.length));
      return truth([...ticks, ...Array.from({ length: size }, (_, at) => entry.block.tick - size + 1 + at)]);
    }
    const next = [...ticks, entry.frame[0]];
    const fault = this.#oracle.faultOf(dashboard, next);
    if (fault !== undefined) this.#report(`the window ${fault}`);
    return truth(next);
  }

  #textOf(dashboard: Dashboard): string {
    const known = this.#texts.get(dashboard);
    if (known !== undefined) return known;
    const text = JSON.stringify(sorted(dashboard));
    this.#texts.set(dashboard, text);
    return text;
  }

  #report(what: string): void {
    this.#cluster.findings.report("state", `${this.#room}: ${what}`);
  }
}

function toKey({ epoch, count, check }: Position): string {
  return `${epoch}:${count}:${check}`;
}

/** A state that came by a snapshot may have its members in another order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}
