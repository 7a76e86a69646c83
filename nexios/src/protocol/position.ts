/** A member's place in a room: which log, how many public entries, and a running hash over them. */
export interface Position {
  readonly epoch: string;
  readonly count: number;
  readonly check: number;
}

export function isSamePosition(a: Position, b: Position): boolean {
  return a.epoch === b.epoch && a.count === b.count && a.check === b.check;
}

/** A place as members are told it. Before the first public entry all logs are one, so that a log that has only hidden ones can't be told from none. */
export function toMemberPosition(epoch: string, count: number, check: number): Position {
  return count === 0 ? { epoch: "", count, check } : { epoch, count, check };
}
