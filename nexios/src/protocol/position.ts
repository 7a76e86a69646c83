/** A member's place in a room: which log, how many public entries, and a running hash over them. */
export interface Position {
  readonly epoch: string;
  readonly count: number;
  readonly check: number;
}

export function isSamePosition(a: Position, b: Position): boolean {
  return a.epoch === b.epoch && a.count === b.count && a.check === b.check;
}
