/** A member of all rooms. */
export interface Member {
  readonly name: string;
  /** Whether it is in all rooms now. */
  readonly isHere: boolean;
  /** Whether it has seen the entry with the mark, as the last one. */
  isCaughtUp(room: string, mark: string): boolean;
  /** Tries at once what it waits to try again. */
  nudge(): void;
  /** Writes down where it stands, and ends. */
  end(): Promise<void>;
}
