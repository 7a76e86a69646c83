// A room tested as a cluster of two processes, whose links break, whose broker loses, whose stores fail and which die: all by a seed, in no time.
import { expect, test } from "vitest";
import { accept, defineRoom, refuse, type } from "nexios/contract";
import { simulate } from "nexios/simulation";

const seats = defineRoom("seats/{showId}", {
  log: "durable",
  entry: type<{ seat: number; by: string }>(),
  state: type<{ readonly [seat: number]: string }>(),
  calls: { take: { input: type<{ seat: number }>(), refusals: { TAKEN: type<{ by: string }>() } } },
}).fold({}, (taken, { seat, by }) => ({ ...taken, [seat]: by }));

const box = seats.serve({
  authorize: () => true,
  input: { take: { unchecked: true } },
  decide: { take: (taken, { seat }, { user }) => (taken[seat] === undefined ? accept({ seat, by: user.id }) : refuse("TAKEN", { by: taken[seat] })) },
});

test("a seat is sold once, whatever breaks", () =>
  simulate([box], { seeds: 10 }, async (world) => {
    const buyers = ["ann", "bob", "cat"].map((name) => world.client(name).join(seats, { showId: "1" }));
    const calls = buyers.map((buyer) => buyer.call("take", { seat: 7 }));
    world.kill(0);
    world.cut("bob");
    const outcomes = await Promise.all(calls);
    await world.settle();
    expect(outcomes.filter(({ kind }) => kind === "accepted").length).toBe(1);
    for (const buyer of buyers) expect(buyer.state).toEqual(buyers[0]?.state);
  }));
