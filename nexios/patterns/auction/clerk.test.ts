import { NexiosApp } from "nexios";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { Clerk } from "./clerk.ts";
import { auction, type Lot } from "./contract.ts";
import { closesAt, english } from "./paper-lot.fixture.ts";
import { type LotCard, sale, toCard } from "./sale.ts";
import { serveSale } from "./serve-sale.ts";

test("lots that are bid for and never listed are followed for a minute, and no longer", async () => {
  let look = (): void => undefined;
  const watched = new Set<string>();
  const app = {
    every: (_ms: number, tick: () => void) => void (look = tick),
    room: (_contract: unknown, { lotId }: { readonly lotId: string }) => ({
      watch: () => Promise.resolve((watched.add(lotId), () => void watched.delete(lotId))),
      state: () => Promise.resolve(auction.initial()),
    }),
    // What a clerk calls of an app for lots that are not there.
  } as unknown as Pick<NexiosApp, "room" | "every">;
  const clerk = new Clerk({ app, sales: [], keepsAccounts: true, onError: () => expect.unreachable() });
  await clerk.start();

  await Promise.all(Array.from({ length: 100 }, (_, index) => clerk.follow(`ghost-${index}`)));
  for (let second = 0; second < 59; second++) for (let tick = 0; tick < 4; tick++) look();
  const within = watched.size;
  for (let tick = 0; tick < 4; tick++) look();

  expect([within, watched.size]).toEqual([100, 0]);
});

test("the ends of a sale are moved though the bidders of a lot take for ever to be told", async () => {
  let look = (): void => undefined;
  const watching: (() => void)[] = [];
  const told: unknown[] = [];
  const extension = { windowMs: 60_000, byMs: 60_000, scope: "sale" } as const;
  let lot: Lot = { ...auction.initial(), terms: english({ extension, sale: { id: "s", number: 1 } }), closesAt };
  const room = {
    watch: (listener: () => void) => Promise.resolve((watching.push(listener), () => undefined)),
    state: () => Promise.resolve(lot),
    ask: () => Promise.resolve({ kind: "answered", value: [{ userId: "ann", own: { paddle: 1, maximum: 1, standing: "leading" } }] }),
    call: (name: string, input: unknown) =>
      name === "note" ? new Promise(() => undefined) : Promise.resolve((told.push([name, input]), { kind: "accepted" })),
  };
  const cards = [{ lotId: "other" }] as LotCard[];
  const app = {
    every: (_ms: number, tick: () => void) => void (look = tick),
    room: (_contract: unknown, { saleId }: { readonly saleId?: string }) => (saleId === undefined ? room : { ...room, state: () => Promise.resolve(cards) }),
    // What a clerk calls of an app.
  } as unknown as Pick<NexiosApp, "room" | "every">;
  const clerk = new Clerk({ app, sales: [], keepsAccounts: true, onError: () => expect.unreachable() });
  await clerk.start();
  await clerk.follow("one");
  look();
  await vi.waitFor(() => expect(told).toMatchObject([["put", {}]]));

  lot = { ...lot, closesAt: closesAt + 30_000, extensions: 1, extendedFor: "bid" };
  for (const listener of watching) listener();
  await vi.waitFor(() => {
    look();
    expect(told).toContainEqual(["extend", { closesAt: closesAt + 30_000 }]);
  });
});

test("a lot that stands on a list and is never listed is withdrawn after a minute", async () => {
  let look = (): void => undefined;
  const called: [string, unknown][] = [];
  const app = {
    every: (_ms: number, tick: () => void) => void (look = tick),
    room: () => ({
      watch: () => Promise.resolve(() => undefined),
      state: () => Promise.resolve(auction.initial()),
      call: (name: string, input: unknown) => Promise.resolve((called.push([name, input]), { kind: "accepted" })),
    }),
    // What a clerk calls of an app.
  } as unknown as Pick<NexiosApp, "room" | "every">;
  const clerk = new Clerk({ app, sales: [], keepsAccounts: true, onError: () => expect.unreachable() });
  await clerk.start();

  await clerk.announce("ghost", english({ sale: { id: "s", number: 1 } }));
  for (let tick = 0; tick < 240; tick++) look();
  await vi.waitFor(() => expect(called).toHaveLength(2));

  expect(called).toMatchObject([
    ["announce", { lotId: "ghost", number: 1 }],
    ["put", { lotId: "ghost", closed: { ending: "withdrawn" } }],
  ]);
});

test("a lot that another process has listed in a sale is followed here too", async () => {
  let look = (): void => undefined;
  const watched = new Set<string>();
  const listeners: (() => void)[] = [];
  const cards: LotCard[] = [];
  const app = {
    every: (_ms: number, tick: () => void) => void (look = tick),
    room: (_contract: unknown, { lotId, saleId }: { readonly lotId?: string; readonly saleId?: string }) => ({
      watch: (listener: () => void) => {
        if (saleId !== undefined) listeners.push(listener);
        else watched.add(String(lotId));
        return Promise.resolve(() => void watched.delete(String(lotId)));
      },
      state: () => Promise.resolve(saleId === undefined ? auction.initial() : cards),
    }),
    // What a clerk calls of an app.
  } as unknown as Pick<NexiosApp, "room" | "every">;
  const clerk = new Clerk({ app, sales: ["s"], keepsAccounts: true, onError: () => expect.unreachable() });
  await clerk.start();

  cards.push({ lotId: "one" } as LotCard);
  for (const listener of listeners) listener();
  look();

  await vi.waitFor(() => expect([...watched]).toEqual(["one"]));
  clerk.close();
  expect(watched.size).toBe(0);
});

test("a card of a lot that is over is not opened again by a process that has looked just before the end", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nexios-sale-"));
  const app = new NexiosApp({ env: {}, rooms: { folder, synchronous: "normal" }, auth: { jwt: { secret: "a secret of the test, long enough to be one" } } });
  app.add(serveSale(() => true));
  const room = app.room(sale, { saleId: "s" });
  const open = toCard("one", { ...auction.initial(), terms: english({ sale: { id: "s", number: 1 } }) })!;
  const over = { ...open, closed: { ending: "time", seal: "a".repeat(64) } } as const;
  const withdrawn = { ...open, lotId: "two", closed: { ending: "withdrawn", seal: "" } } as const;
  for (const card of [over, withdrawn]) await room.call("put", card);

  for (const card of [open, { ...open, lotId: "two" }]) await room.call("put", card);

  expect((await room.state()).map(({ lotId, closed }) => [lotId, closed?.ending])).toEqual([
    ["one", "time"],
    ["two", undefined],
  ]);
  await app.stop();
  rmSync(folder, { recursive: true });
});
