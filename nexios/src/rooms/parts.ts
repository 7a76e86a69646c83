import { nextPublicCheck } from "../log/seal.ts";

/** Rules of delivery that a test may break on purpose, to see that breaking them is noticed. An application cannot reach them. */
export interface RoomParts {
  /** Whether a member that stands at `count` has everything that this process has delivered, up to `delivered`. */
  isLive(count: number, delivered: number): boolean;
  /** Whether what follows `count` is gone where reading begins with the entry `first`. */
  isGap(count: number, first: number): boolean;
  /** The running check after an entry's public bytes. */
  nextCheck(check: number, bytes: Uint8Array): number;
  /** Whether states outlive a commit that failed, or whose answer was lost. */
  readonly keepsStateAfterFailure: boolean;
}

export const shippedParts: RoomParts = {
  isLive: (count, delivered) => count === delivered,
  isGap: (count, first) => count + 1 < first,
  nextCheck: nextPublicCheck,
  keepsStateAfterFailure: false,
};
