/** Something that is to happen at a moment. */
export interface TimedEvent {
  readonly at: number;
  /** Of what is due at one moment, the lower is first. */
  readonly order: number;
  /** `undefined`: it was cancelled, and is only not yet gone. */
  fire: (() => void) | undefined;
}

/** Events, of which the earliest is at hand: a binary heap. */
export class EventHeap {
  readonly #events: TimedEvent[] = [];

  get size(): number {
    return this.#events.length;
  }

  get first(): TimedEvent | undefined {
    return this.#events[0];
  }

  push(event: TimedEvent): void {
    const events = this.#events;
    let index = events.length;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = events[above];
      if (parent === undefined || isBefore(parent, event)) break;
      events[index] = parent;
      index = above;
    }
    events[index] = event;
  }

  /** Takes the first away. */
  shift(): void {
    const events = this.#events;
    const event = events.pop();
    if (event === undefined || events.length === 0) return;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      let child = events[below];
      const other = events[below + 1];
      if (child !== undefined && other !== undefined && isBefore(other, child)) {
        child = other;
        below++;
      }
      if (child === undefined || isBefore(event, child)) break;
      events[index] = child;
      index = below;
    }
    events[index] = event;
  }

  /** Drops what was cancelled. */
  sweep(): void {
    const left = this.#events.filter(({ fire }) => fire !== undefined);
    this.#events.length = 0;
    for (const event of left) this.push(event);
  }
}

function isBefore(a: TimedEvent, b: TimedEvent): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
