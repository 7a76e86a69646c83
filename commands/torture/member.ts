/** A member of rooms. */
export interface Member {
  readonly name: string;
  readonly rooms: readonly string[];
  /** Whether it is in all of them now. */
  readonly isHere: boolean;
  /** Whether it has seen the entry with the mark, as the last one. */
  isCaughtUp(room: string, mark: string): boolean;
  /** Tries at once what it waits to try again. */
  nudge(): void;
  /** Writes down where it stands, and ends. */
  end(): Promise<void>;
}
