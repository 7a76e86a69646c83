import { Metrics } from "nexios/metrics";
import type { Random } from "../../src/simulation/random.ts";

const codes = ["200", "201", "302", "404", "429", "500"];
const paths = ["/", "/lots", "/bids", "/search"];
const quiet = 14;

/** 40 series of a shop as its dashboard shows them, of which 24 change from second to second: six rates, four histograms (each a rate and three percentiles) and two gauges. */
export class BusyShop {
  readonly metrics = new Metrics();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
    for (let at = 0; at < quiet; at++)
      this.metrics
        .gauge("pool_size")
        .with({ pool: String(at) })
        .set(at);
    for (const queue of ["mail", "push"]) this.metrics.counter("jobs").with({ queue }).add(0);
  }

  /** What happens within one second: some figure may happen to stay as it is. */
  passSecond(): void {
    const { metrics } = this;
    const random = this.#random;
    for (const [at, code] of codes.entries())
      metrics
        .counter("requests")
        .with({ code })
        .add(20 + at * 30 + random.integer(97));
    for (const [at, path] of paths.entries()) {
      const latency = metrics.histogram("latency", { unit: "seconds" }).with({ path });
      const requests = 50 + at + random.integer(97);
      // Like a real one: a median, and a tail that is some times as long.
      const median = 0.02 * (1 + random.next());
      for (let request = 0; request < requests; request++) latency.record(median * Math.exp(0.8 * this.#normal()));
    }
    metrics.gauge("connections").set(1_150 + random.integer(97));
    metrics.gauge("load").set(0.4 + random.integer(97) / 1_000);
  }

  #normal(): number {
    const [a, b] = [1 - this.#random.next(), this.#random.next()];
    return Math.sqrt(-2 * Math.log(a)) * Math.cos(2 * Math.PI * b);
  }
}
