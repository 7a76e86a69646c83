import type { Cancel, Clock } from "../../nexios/src/world/clock.ts";
import { between, pick } from "./chance.ts";
import type { ProxyLink } from "./proxy-link.ts";

/** What is done to lines, and how often beside each other. */
const weights = { cut: 16, cutAll: 1, stall: 5, delay: 4, slow: 3, halfOpen: 3 } as const;

/** A line, and what can be done to it. */
type Link = Pick<ProxyLink, "cut" | "stall" | "delay" | "slow" | "halfOpen" | "isHalfOpen" | "heal">;

/** Where lines are: `FaultProxy`. */
interface Lines {
  readonly links: readonly Link[];
}

export type FaultKind = keyof typeof weights;

const kinds = (Object.keys(weights) as FaultKind[]).flatMap((kind) => Array.from({ length: weights[kind] }, () => kind));
const [leastGapMs, mostGapMs] = [50, 400];
const slowBytesPerSecond = 2_000;

/** Does something to the lines of a proxy now and then, until it is stopped. */
export class Faults {
  /** Connections that were cut; those that a kill took along are not counted. */
  cuts = 0;
  readonly counts = new Map<FaultKind, number>();
  readonly #lines: Lines;
  readonly #clock: Clock;
  readonly #cancels = new Set<Cancel>();

  constructor(lines: Lines, clock: Clock) {
    this.#lines = lines;
    this.#clock = clock;
    this.#goOn("cut");
  }

  /** Does no more, and takes back what it can: what is half open is cut. */
  stop(): void {
    for (const cancel of this.#cancels) cancel();
    for (const link of this.#lines.links) {
      if (link.isHalfOpen) this.#cut([link]);
      else link.heal();
    }
  }

  #goOn(kind: FaultKind): void {
    this.#later(between(leastGapMs, mostGapMs), () => {
      this.#goOn(pick(kinds));
      const { links } = this.#lines;
      if (links.length > 0) this.#do(kind, pick(links), links);
    });
  }

  #do(kind: FaultKind, link: Link, links: readonly Link[]): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    switch (kind) {
      case "cut":
        return this.#cut([link]);
      case "cutAll":
        return this.#cut(links);
      case "stall":
        return this.#forAWhile(link, () => link.stall());
      case "delay":
        return this.#forAWhile(link, () => link.delay(between(5, 200)));
      case "slow":
        return this.#forAWhile(link, () => link.slow(slowBytesPerSecond));
      case "halfOpen":
        return link.halfOpen();
    }
  }

  #cut(links: readonly Link[]): void {
    this.cuts += links.length;
    for (const link of links) link.cut();
  }

  #forAWhile(link: Link, begin: () => void): void {
    begin();
    this.#later(between(200, 4_000), () => link.heal());
  }

  #later(ms: number, run: () => void): void {
    const cancel = this.#clock.after(ms, () => {
      this.#cancels.delete(cancel);
      run();
    });
    this.#cancels.add(cancel);
  }
}
