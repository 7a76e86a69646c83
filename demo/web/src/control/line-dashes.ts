const dashes: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [10, 3, 2, 3]];
const colours = 8;

/** How a line is drawn, by its place: lines are told apart by more than their colours, and two of one colour have other dashes. Pure. */
export function dashOf(place: number): readonly number[] {
  return dashes[(place + Math.floor(place / colours)) % dashes.length] ?? [];
}
