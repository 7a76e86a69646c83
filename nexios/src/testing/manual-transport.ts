import type { Transport } from "../world/transport.ts";

/** A transport that takes nothing while it is stuck, so that a test decides when a socket is full. */
export class ManualTransport implements Transport {
  /** Each write, as it came. */
  readonly writes: Uint8Array[] = [];
  readonly receivedBytes = 0;
  stuck = false;
  paused = false;
  ending: string | undefined;
  takenBytes = 0;
  unsentBytes = 0;

  write(frames: Uint8Array): void {
    if (this.ending !== undefined) return;
    this.writes.push(frames);
    this.unsentBytes += frames.length;
    if (!this.stuck) this.take();
  }

  /** The network takes all that was written; what comes next depends on `stuck`. */
  take(): void {
    this.takenBytes += this.unsentBytes;
    this.unsentBytes = 0;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  close(code: number, reason: string): void {
    this.ending ??= `${code} ${reason}`;
  }

  destroy(): void {
    this.ending ??= "destroyed";
  }
}
