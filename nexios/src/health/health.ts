import type { Metrics } from "../metrics/registry.ts";
import { type Cancel, repeat } from "../world/clock.ts";
import { type Check, Probe, type ProbeReport, type ProbeServices } from "./probe.ts";
import { measureProbes } from "./probe-metrics.ts";
import { type ProbeOptions, toProbeOptions } from "./probe-options.ts";
import type { HealthStatus } from "./state.ts";

/** What is known of an app's health, as plain data. */
export interface HealthReport {
  /** `fail`: the app is not ready. `warn`: it is, and something that it can do without fails, or has failed lately. */
  readonly status: HealthStatus;
  /** Why it is not ready, or not quite. */
  readonly reason?: string;
  /** In milliseconds since 1970. */
  readonly atMs: number;
  /** In the order in which they were added. */
  readonly probes: readonly ProbeReport[];
}

/** What an app's health is built on. */
export interface HealthServices extends Omit<ProbeServices, "onBeat"> {
  readonly metrics: Metrics;
}

/** The loop's sign of life. */
const stampEveryMs = 1_000;
/** Without a sign for so long the loop stands still. */
const liveWithinMs = 5_000;
const nameForm = /^[A-Za-z][\w.-]{0,63}$/;

/** Names of the framework's own probes. */
type OwnProbe = "store" | "broker" | "clock";
const ownNames: ReadonlySet<string> = new Set<OwnProbe>(["store", "broker", "clock"]);

/** The probes of an app, and whether it is alive and ready. Nothing runs before it is used. */
export class Health {
  /** Where it is told over HTTP: these are answered as long as the app stops. */
  readonly paths = new Set<string>();
  readonly #services: ProbeServices;
  readonly #probes = new Map<string, Probe>();
  #phase: "starting" | "running" | "stopping" = "starting";
  #isUsed = false;
  #isAtWork = false;
  #aliveAt: number | undefined;
  #cancelStamps: Cancel | undefined;

  constructor({ metrics, ...services }: HealthServices) {
    this.#services = { ...services, onBeat: measureProbes(metrics) };
  }

  /** Asks again and again whether something works, on a clock of its own; what came of it is kept, and no request asks. @throws TypeError for a name that is taken or is none, and for options out of bounds. */
  probe(name: string, check: Check, options: ProbeOptions = {}): void {
    if (!nameForm.test(name))
      throw new TypeError(`A probe's name begins with a letter, and has at most 64 letters, digits, dots, hyphens and underscores: not "${name}"`);
    if (ownNames.has(name) || this.#probes.has(name))
      throw new TypeError(`There is a probe "${name}" already${ownNames.has(name) ? ", of the framework's own" : ""}`);
    if (typeof check !== "function") throw new TypeError("A probe's check is a function of a signal, which throws when what it asks does not work");
    this.#add(new Probe(name, check, toProbeOptions(options), this.#services));
  }

  /** A probe of the framework's own, in place of the one before it: what it asks has just been seen to work. */
  watch(name: OwnProbe, check: Check, options: ProbeOptions): void {
    this.#probes.get(name)?.stop();
    this.#add(new Probe(name, check, toProbeOptions(options), this.#services, true));
  }

  report(): HealthReport {
    const probes = [...this.#probes.values()];
    const waitsFor = probes.filter(({ needed, isUsable }) => needed && !isUsable);
    const troubled = probes.filter(({ status }) => status !== "pass");
    const isReady = this.#phase === "running" && waitsFor.length === 0;
    const status = !isReady ? "fail" : troubled.length > 0 ? "warn" : "pass";
    const reason = this.#phase === "running" ? namesOf(isReady ? troubled : waitsFor) : `the app is ${this.#phase}`;
    return {
      status,
      ...(status !== "pass" && { reason }),
      atMs: this.#services.clock.now(),
      probes: probes.map((probe) => probe.report()),
    };
  }

  /** The event loop turns: it asks nothing else, so that no dependency has a process restarted. */
  get isLive(): boolean {
    return this.#aliveAt === undefined || this.#services.clock.monotonic() - this.#aliveAt <= liveWithinMs;
  }

  /** From now on it is used: its probes run while the app does. */
  use(): this {
    this.#isUsed = true;
    if (this.#phase === "running") this.#work();
    return this;
  }

  /** The app's start has come to its end. */
  start(): void {
    // A stop may have begun meanwhile.
    if (this.#phase !== "starting") return;
    this.#phase = "running";
    if (this.#isUsed) this.#work();
  }

  /** From this moment on the app is not ready. Probes go on. */
  drain(): void {
    this.#phase = "stopping";
  }

  /** Asks nothing any more. The loop's sign of life goes on until `close`. */
  stop(): void {
    this.#isAtWork = false;
    for (const probe of this.#probes.values()) probe.stop();
  }

  /** Ends everything. */
  close(): void {
    this.stop();
    this.#cancelStamps?.();
    this.#aliveAt = undefined;
  }

  #add(probe: Probe): void {
    this.#probes.set(probe.name, probe);
    if (this.#isAtWork) probe.start();
  }

  #work(): void {
    if (this.#isAtWork) return;
    this.#isAtWork = true;
    const stamp = (): void => void (this.#aliveAt = this.#services.clock.monotonic());
    stamp();
    this.#cancelStamps = repeat(this.#services.clock, stampEveryMs, stamp);
    for (const probe of this.#probes.values()) probe.start();
  }
}

function namesOf(probes: readonly Probe[]): string {
  return probes.map(({ name, status }) => `${name}: ${status}`).join(", ");
}
