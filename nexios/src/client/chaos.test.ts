import { expect, test } from "vitest";
import { uncaughtOf } from "./bench.fixture.ts";
import { Chaos } from "./chaos.fixture.ts";

test("whatever goes wrong, afterwards the client is in its room, at its end, with every call settled that took effect once at most", async () => {
  for (let seed = 1; seed <= 6; seed++) {
    const chaos = new Chaos(seed);

    const uncaught = await uncaughtOf(() => chaos.run(120));

    const { bench, joined, count } = chaos;
    expect([seed, uncaught, bench.client.status.kind, joined.status.kind, bench.client.status.pendingCalls]).toEqual([seed, [], "live", "live", 0]);
    expect([seed, joined.state, joined.confirmedState, joined.position?.count]).toEqual([
      seed,
      { sum: (count * (count + 1)) / 2 },
      { sum: (count * (count + 1)) / 2 },
      count,
    ]);
    expect([seed, chaos.outcomes.length, new Set(chaos.effects.values()).size]).toEqual([seed, chaos.calls, chaos.effects.size]);
    expect(chaos.outcomes.filter((kind) => kind === "accepted").length).toBeGreaterThan(0);
  }
});
