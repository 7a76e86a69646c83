import type { RawInput } from "./raw-frames.ts";

/** A member of all rooms that also writes to them. */
export interface Writer {
  readonly name: string;
  /** Whether it is in all rooms now. */
  readonly isHere: boolean;
  /** Calls of which it does not know the end. */
  readonly openCalls: number;
  /** Calls that it has sent more than once itself, beside what its client does. */
  readonly twice: number;
  /** Makes one call, of its own choice. */
  write(): void;
  append(room: string, input: RawInput): void;
  /** Whether it has seen the entry with the mark, as the last one. */
  isCaughtUp(room: string, mark: string): boolean;
  /** Tries at once what it waits to try again. */
  nudge(): void;
  /** Writes down where it stands, and ends. */
  end(): Promise<void>;
}
