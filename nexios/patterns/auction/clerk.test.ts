import type { NexiosApp } from "nexios";
import { expect, test } from "vitest";
import { Clerk } from "./clerk.ts";
import { auction } from "./contract.ts";

test("lots that are bid for and never listed are followed for a minute, and no longer", async () => {
  let look = (): Promise<void> | void => undefined;
  const watched = new Set<string>();
  const app = {
    every: (_ms: number, tick: () => Promise<void> | void) => void (look = tick),
    room: (_contract: unknown, { lotId }: { readonly lotId: string }) => ({
      watch: () => Promise.resolve((watched.add(lotId), () => void watched.delete(lotId))),
      state: () => Promise.resolve(auction.initial()),
    }),
    // What a clerk calls of an app for lots that are not there.
  } as unknown as Pick<NexiosApp, "room" | "every">;
  const clerk = new Clerk({ app, sales: [], keepsAccounts: true, onError: () => expect.unreachable() });
  await clerk.start();

  await Promise.all(Array.from({ length: 100 }, (_, index) => clerk.follow(`ghost-${index}`)));
  for (let second = 0; second < 59; second++) for (let tick = 0; tick < 4; tick++) await look();
  const within = watched.size;
  for (let tick = 0; tick < 4; tick++) await look();

  expect([within, watched.size]).toEqual([100, 0]);
});
