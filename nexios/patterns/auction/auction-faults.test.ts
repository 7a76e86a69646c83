import { expect, test } from "vitest";
import { simulate } from "../../src/simulation/simulate.ts";
import { closedForm } from "./closed-form.fixture.ts";
import { auction } from "./contract.ts";
import { auctionHouse } from "./interference.fixture.ts";
import { english } from "./paper-lot.fixture.ts";
import type { Step } from "./steps.ts";

const names = ["ann", "bob", "cat", "dan"];
const reserve = 14_00;
/** Another step at each price that is likely, so that one that is taken at a wrong price shows. */
const steps = Array.from({ length: 50 }, (_, row): Step => ({ from: row * 1_00, step: 10 + 7 * row }));

test("over broken links, failing stores and dying processes the accepted bids make the price of the closed form, and the lot ends once", async () => {
  await simulate([auctionHouse], { seeds: 8 }, async (world) => {
    const desk = world.client("sue").join(auction, { lotId: "1" });
    const rooms = names.map((name) => ({ name, room: world.client(name).join(auction, { lotId: "1" }) }));
    const terms = english({ opensAt: world.now, closesAt: world.now + 600_000, steps });
    await desk.call("list", { terms, secret: { reserve } });
    const accepted: { bidder: string; maximum: number; at: number }[] = [];
    for (let round = 0; round < 6; round++) {
      const bids = rooms.map(async ({ name, room }) => {
        const maximum = (room.state?.minimum ?? 10_00) + world.random.integer(4_00);
        const told = await room.call("bid", { maximum, currency: "EUR" });
        if (told.kind === "accepted") accepted.push({ bidder: name, maximum, at: 0 });
      });
      if (round === 2) world.kill(0);
      if (round === 3) world.restart(0);
      if (round === 4) world.cut("bob");
      await Promise.all(bids);
    }
    await world.settle();
    const owns = await Promise.all(rooms.map(({ room }) => room.ask("own")));
    const leaders = owns.flatMap((told, index) =>
      told.kind === "answered" && told.value.standing === "leading" ? [{ name: names[index], ...told.value }] : [],
    );

    const { best, price, minimum } = closedForm(accepted, steps, terms.opening, reserve);
    expect(desk.state).toMatchObject({ price, minimum });
    expect(leaders).toMatchObject([{ maximum: best, paddle: desk.state?.leader }]);
    expect(accepted.filter(({ bidder, maximum }) => bidder === leaders[0]?.name && maximum === best)).toHaveLength(1);
    await world.run(660_000);
    await world.settle();
    expect(desk.state?.closed).toMatchObject({ ending: "time" });
    for (const { room } of rooms) expect(room.state).toEqual(desk.state);
  });
});
