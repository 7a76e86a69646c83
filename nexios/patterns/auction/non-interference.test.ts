import { expect, test } from "vitest";
import { defaultHistoryRules } from "../../src/rooms/history-rules.ts";
import { play } from "./gallery.fixture.ts";
import { sealed } from "./paper-lot.fixture.ts";
import { plantedLeaks } from "./planted-leaks.fixture.ts";
import { auctionHouse, compare, englishScene, liveScene, outbidScene, type Scene, sealedScene, type Secrets } from "./interference.fixture.ts";

const same = { bob: "", cat: "", dan: "", eve: "", sue: "" };
const { dan: _late, ...sameWithoutDan } = same;
const seeds = [1, 2, 3];
/** Checkpoints after a few entries, hidden ones too; and trimmed to a few that are seen. */
const often = { history: { ...defaultHistoryRules, checkpointEvery: 8, keepEntries: 4 } };

const cases: readonly [string, Scene, readonly [Secrets, Secrets]][] = [
  ["what the leader would pay", englishScene, [{ maximum: 100_00 }, { maximum: 9_000_00 }]],
  ["whether the leader raises his own maximum", englishScene, [{ raises: 0 }, { raises: 10 }]],
  ["that he raised it, and took that back", englishScene, [{ raises: 0 }, { raises: 3, takesBack: true }]],
  ["a reserve that is met in neither", englishScene, [{ reserve: 200_00 }, { reserve: 3_000_00 }]],
  ["a sealed bid", sealedScene, [{ sealed: [50_00] }, { sealed: [3_000_00] }]],
  ["that there is a sealed bid", sealedScene, [{ sealed: [] }, { sealed: [50_00] }]],
  ["how often a sealed bid was changed", sealedScene, [{ sealed: [50_00] }, { sealed: [70_00, 80_00, 20_00] }]],
  ["that a sealed bid was taken back", sealedScene, [{ sealed: [] }, { sealed: [50_00, 0] }]],
  ["a reserve of a sealed lot", sealedScene, [{ reserve: 20_00 }, { reserve: 3_000_00 }]],
];

test.each(cases)("nobody is given another byte, or one at another time, for %s", async (_what, scene, secrets) => {
  for (const seed of seeds) expect([seed, await compare(scene, secrets, { seed })]).toEqual([seed, same]);
});

test.each(cases)("nor if the rival's bids are decided on another process, for %s", async (_what, scene, secrets) => {
  for (const seed of seeds) expect([seed, await compare(scene, secrets, { seed, rivalAt: 1 })]).toEqual([seed, sameWithoutDan]);
});

test.each(cases)("nor where checkpoints come often, and the log is trimmed, for %s", async (_what, scene, secrets) => {
  const trimmed = { ...auctionHouse, options: { ...auctionHouse.options, keepsAll: false } };
  for (const served of [auctionHouse, trimmed]) {
    for (const seed of seeds.slice(0, 1)) expect([seed, await compare(scene, secrets, { seed, limits: often, served })]).toEqual([seed, same]);
  }
});

test.each<[string, readonly [Secrets, Secrets]]>([
  ["what the leader would pay", [{ maximum: 100_00 }, { maximum: 9_000_00 }]],
  ["whether he raises it while the auctioneer calls", [{ raises: 0 }, { raises: 1 }]],
  ["a reserve that is met in neither", [{ reserve: 200_00 }, { reserve: 3_000_00 }]],
])("nobody in a live sale, the auctioneer included, is given anything else for %s", async (_what, secrets) => {
  for (const seed of seeds) expect([seed, await compare(liveScene, secrets, { seed })]).toEqual([seed, sameWithoutDan]);
});

// The one that has not decided has to read what is hidden first, one reading of the store that it otherwise would not need.
test("a question to another process than the one that decides is answered as fast, whether something hidden has come or not", async () => {
  const ask = (sums: readonly number[]): ReturnType<typeof play> =>
    play(auctionHouse, { seed: 1 }, async (gallery) => {
      const [ann, sue, bob] = [gallery.enter("ann", 0), gallery.enter("sue", 0), gallery.enter("bob", 1)];
      await gallery.run(2_000);
      const opensAt = gallery.now + 1_000;
      void sue.call("list", { terms: sealed({ opensAt, closesAt: opensAt + 90_000 }), secret: {} });
      await gallery.run(2_000);
      void bob.ask("own");
      await gallery.run(1_000);
      for (const maximum of sums) void ann.call("bid", { maximum, currency: "EUR" });
      await gallery.run(5_000);
      void bob.ask("own");
      await gallery.run(1_000);
    });

  const [nothing, hidden] = [await ask([]), await ask([50_00])];

  expect(hidden.get("bob")).toEqual(nothing.get("bob"));
});

test("what a rival's bid brings to light is seen by everybody: two runs that differ are told apart", async () => {
  const differences = await compare(outbidScene, [{ maximum: 100_00 }, { maximum: 9_000_00 }]);

  expect(Object.keys(differences).toSorted()).toEqual(["bob", "cat", "eve", "sue"]);
  expect(Object.values(differences).every((difference) => difference.startsWith("bytes: "))).toBe(true);
});

test.each(plantedLeaks.map((leak) => [leak.name, leak] as const))("a house that gives this away is noticed: %s", async (_name, { served, scene, secrets }) => {
  const [leaking, sound] = [await compare(scene, secrets, { served }), await compare(scene, secrets)];

  expect(Object.values(sound).join("")).toBe("");
  expect(Object.values(leaking).join("")).not.toBe("");
});
