import { simulate } from "nexios/simulation";
import { expect, test } from "vitest";
import { UnitBook } from "./draw.fixture.ts";
import { serveDocuments } from "./serve-documents.ts";
import { openIn } from "./session-world.fixture.ts";

test(
  "at 1,000 places a remote caret stays behind the character on its left and before the one on its right, whatever two others insert and delete around it",
  { timeout: 120_000 },
  async () => {
    let places = 0;
    await simulate([serveDocuments({ accessOf: () => "write" })], { seeds: 5, faults: false }, async (world) => {
      const book = new UnitBook();
      const [ann, bob, cat] = [openIn(world, world.client("ann")), openIn(world, world.client("bob")), openIn(world, world.client("cat"))];
      await Promise.all([ann, bob, cat].map((session) => session.opened()));
      bob.edit((text) => text.insert(0, book.take(300)));
      await bob.saved();
      await world.settle();
      for (let place = 0; place < 200; place++, places++) {
        const at = world.random.between(0, bob.text.length);
        const [left, right] = [bob.text.slice(at - 1, at), bob.text.slice(at, at + 1)];
        bob.cursors.show(at);
        await world.run(300);
        // Before, at and behind the place, by one who sees the caret and one who is late.
        for (const where of [world.random.between(0, at), at, world.random.between(at, ann.text.length)])
          ann.edit((text) => text.insert(where, book.take(1 + world.random.between(0, 2))));
        cat.edit((text) => text.insert(at, book.take(1)));
        const far = at > cat.text.length / 2 ? world.random.between(0, at - 3) : world.random.between(at + 2, cat.text.length - 3);
        cat.edit((text) => text.delete(far, 2));
        await Promise.all([ann.saved(), cat.saved()]);
        await world.run(300);

        for (const session of [ann, cat]) {
          const { anchor = -1, head = -1 } = session.cursors.people.find(({ userId }) => userId === "bob")?.cursor ?? {};
          const { text } = session;
          expect(anchor).toBe(head);
          // At the ends of the text there is nothing on one side.
          expect(left === "" ? -1 : text.indexOf(left)).toBeLessThan(head);
          expect(right === "" ? text.length : text.indexOf(right)).toBeGreaterThanOrEqual(head);
        }
        expect(ann.text).toBe(cat.text);
      }
    });
    expect(places).toBe(1_000);
  },
);
