import type { Member } from "./member.ts";
import type { RawInput } from "./raw-frames.ts";

/** A member of rooms that also writes to them. */
export interface Writer extends Member {
  /** Calls of which it does not know the end. */
  readonly openCalls: number;
  /** Calls that it has sent more than once itself, beside what its client does. */
  readonly twice: number;
  /** Makes one call, of its own choice. */
  write(): void;
  append(room: string, input: RawInput): void;
}
