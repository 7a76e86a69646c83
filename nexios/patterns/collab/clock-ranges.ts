/** A stretch of one client's units, and what is known of it. */
export interface ClockRange<Value> {
  readonly clock: number;
  readonly length: number;
  readonly value: Value | undefined;
}

type KnownRange<Value> = ClockRange<Value> & { readonly value: Value };

/** Something about units of a document, by client and clock, kept by stretches: what is known of many alike costs as much as of one. */
export class ClockRanges<Value> {
  /** By client, in order, none over another. */
  readonly #ranges = new Map<number, KnownRange<Value>[]>();

  /** Notes something of those of these units of which nothing is known. */
  add(client: number, clock: number, length: number, value: Value): void {
    const ranges = this.#ranges.get(client) ?? [];
    this.#ranges.set(client, ranges);
    const end = clock + length;
    // Those that touch it too: what is alike becomes one.
    const first = firstAfter(ranges, clock - 1);
    let last = first;
    while ((ranges[last]?.clock ?? Infinity) <= end) last++;
    const touched = [...this.cut(client, clock, length)].map((range): KnownRange<Value> => ({ ...range, value: range.value ?? value }));
    const [before, after] = [ranges[first], ranges[last - 1]];
    // What lies over the edges keeps what is outside.
    if (before !== undefined && before.clock < clock) touched.unshift({ ...before, length: clock - before.clock });
    if (last > first && after !== undefined && after.clock + after.length > end)
      touched.push({ ...after, clock: end, length: after.clock + after.length - end });
    ranges.splice(first, last - first, ...joinAlike(touched));
  }

  /** These units, cut where what is known of them changes. */
  *cut(client: number, clock: number, length: number): Generator<ClockRange<Value>> {
    const ranges = this.#ranges.get(client) ?? [];
    const end = clock + length;
    let at = clock;
    for (let index = firstAfter(ranges, clock); at < end; index++) {
      const range = ranges[index];
      const start = Math.min(range?.clock ?? end, end);
      if (start > at) yield { clock: at, length: start - at, value: undefined };
      at = Math.max(at, start);
      if (range === undefined || start === end) return;
      const stop = Math.min(range.clock + range.length, end);
      yield { clock: at, length: stop - at, value: range.value };
      at = stop;
    }
  }
}

/** The place of the first range that ends after a clock. */
function firstAfter(ranges: readonly ClockRange<unknown>[], clock: number): number {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const range = ranges[middle];
    if (range !== undefined && range.clock + range.length <= clock) low = middle + 1;
    else high = middle;
  }
  return low;
}

function joinAlike<Value>(ranges: readonly KnownRange<Value>[]): readonly KnownRange<Value>[] {
  const joined: KnownRange<Value>[] = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    if (last !== undefined && last.value === range.value) joined[joined.length - 1] = { ...last, length: last.length + range.length };
    else joined.push(range);
  }
  return joined;
}
