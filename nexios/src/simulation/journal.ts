/** What was done to a cluster, for the judges: what a fault excuses depends on when it was. */
export interface Journal {
  /** How often each kind of fault did something. */
  readonly faults: Record<string, number>;
  readonly kills: readonly { readonly process: number; readonly atMs: number }[];
  readonly drains: readonly { readonly process: number; readonly atMs: number }[];
  readonly stalls: readonly Window[];
  readonly brokerFaults: readonly Window[];
  readonly diskFaults: readonly Window[];
  /** Devices that did not read as fast as they were sent. */
  readonly slow: readonly { readonly device: string; readonly fromMs: number; readonly untilMs: number }[];
  /** Devices that were turned off, or left a room. */
  readonly offs: readonly Off[];
  /** `atMs`: when it was confirmed. */
  readonly withdrawals: readonly { readonly userId: string; readonly room: string; readonly atMs: number }[];
}

/** A device that went of its own will: from one room, or altogether. */
export interface Off {
  readonly device: string;
  readonly room: string | undefined;
  readonly atMs: number;
}

/** A stretch of time, of one process or of all. */
export interface Window {
  readonly process: number | undefined;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Whether any of the windows touches a stretch of time. */
export function touches(windows: readonly Window[], fromMs: number, untilMs: number, process?: number): boolean {
  return windows.some((window) => window.fromMs <= untilMs && window.untilMs >= fromMs && (process === undefined || window.process === process));
}

/** A journal that is being written. */
export class JournalBook implements Journal {
  readonly faults: Record<string, number> = {};
  readonly kills: { readonly process: number; readonly atMs: number }[] = [];
  readonly drains: { readonly process: number; readonly atMs: number }[] = [];
  readonly stalls: Window[] = [];
  readonly brokerFaults: Window[] = [];
  readonly diskFaults: Window[] = [];
  readonly slow: { readonly device: string; readonly fromMs: number; untilMs: number }[] = [];
  readonly offs: Off[] = [];
  readonly withdrawals: { readonly userId: string; readonly room: string; readonly atMs: number }[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  fault(kind: string): void {
    this.faults[kind] = (this.faults[kind] ?? 0) + 1;
  }

  kill(process: number): void {
    this.kills.push({ process, atMs: this.#now() });
  }

  drain(process: number): void {
    this.drains.push({ process, atMs: this.#now() });
  }

  stall(process: number, ms: number): void {
    this.stalls.push(this.#window(ms, process));
  }

  brokerFault(ms: number): void {
    this.brokerFaults.push(this.#window(ms));
  }

  diskFault(ms: number): void {
    this.diskFaults.push(this.#window(ms));
  }

  off(device: string, room?: string): void {
    this.offs.push({ device, room, atMs: this.#now() });
  }

  withdrawal(userId: string, room: string): void {
    this.withdrawals.push({ userId, room, atMs: this.#now() });
  }

  /** What the device is told comes late for so long, unless it hurries. */
  slowDown(device: string, ms = Infinity): void {
    this.slow.push({ device, fromMs: this.#now(), untilMs: this.#now() + ms });
  }

  /** What it was sent meanwhile arrives within so long. */
  hurry(device: string, ms: number): void {
    for (const window of this.slow) if (window.device === device) window.untilMs = Math.min(window.untilMs, this.#now() + ms);
  }

  #window(ms: number, process?: number): Window {
    return { process, fromMs: this.#now(), untilMs: this.#now() + ms };
  }
}
