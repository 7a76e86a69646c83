import { expect, test } from "vitest";
import { type InboxVariant, runInboxSeed } from "./inbox-simulation.fixture.ts";
import type { Inbox } from "./state.ts";
import { recount } from "./recount.fixture.ts";

/** Each has one fault of those that inboxes have. */
const brokenVariants: readonly (InboxVariant & { readonly name: string; readonly says: string })[] = [
  {
    name: "all is marked as read without a look at what its reader saw",
    says: "is read, and nobody saw it",
    decide: (decide) => ({
      ...decide,
      readAll: (state, input, context) => decide["readAll"]?.(state, { ...toObject(input), upTo: (state as Inbox).top }, context),
    }),
  },
  {
    name: "what is counted is the page",
    says: "beside a list of",
    evolve: (_before, _entry, after) => ({ ...after, counts: recount({ ...after, items: after.items.slice(0, 5) }) }),
  },
  {
    name: "a key is not looked at",
    says: "is answered",
    decide: (decide) => ({ ...decide, create: (state, input, context) => decide["create"]?.({ ...(state as Inbox), keys: [] }, input, context) }),
  },
  {
    name: "what was seen is the last position that was told, and not the highest",
    says: "is not any more what it was",
    evolve(_before, entry, after) {
      if (entry.kind !== "seen") return after;
      const items = after.items.map((item) => ({ ...item, isSeen: item.isSeen && item.position <= entry.upTo }));
      return { ...after, items, counts: recount({ ...after, items }) };
    },
    decide: (decide) => ({
      ...decide,
      seen: (state, input, context) =>
        decide["seen"]?.({ ...(state as Inbox), items: (state as Inbox).items.map((item) => ({ ...item, isSeen: false })) }, input, context),
    }),
  },
  {
    name: "a step goes on though it was seen on another device",
    says: "is sent though it was seen",
    evolve(before, entry, after) {
      if (entry.kind !== "seen") return after;
      return { ...after, items: after.items.map((item) => ({ ...item, steps: before.items.find(({ id }) => id === item.id)?.steps ?? [] })) };
    },
  },
];

test.for(brokenVariants)("the judge notices where $name", async ({ says, ...variant }) => {
  const found: string[] = [];

  for (let seed = 1; seed <= 30 && found.length === 0; seed++) {
    const { violations } = await runInboxSeed(seed, variant);
    found.push(...violations.map(({ what }) => what).filter((what) => what.includes(says)));
  }

  expect(found).not.toEqual([]);
});

test("the same seed gives the same run", async () => {
  expect(await runInboxSeed(7)).toEqual(await runInboxSeed(7));
});

function toObject(input: unknown): object {
  return typeof input === "object" && input !== null ? input : {};
}
