/** A figure beside what it is to be. */
export interface Goal {
  readonly figure: number;
  readonly goal: number;
  readonly isMet: boolean;
}

/** A figure that is the better the larger. */
export function atLeast(goal: number, figure: number): Goal {
  return { figure, goal, isMet: figure >= goal };
}

/** A figure that is the better the smaller. */
export function atMost(goal: number, figure: number): Goal {
  return { figure, goal, isMet: figure <= goal };
}
