import { simulate } from "nexios/simulation";
import { expect, test } from "vitest";
import { serveDocuments } from "./serve-documents.ts";
import type { DocumentSession } from "./session.ts";
import { openIn } from "./session-world.fixture.ts";

const documents = serveDocuments({ accessOf: () => "write" });

test("in 1,000 steps of two who write, undo and redo, no undo removes what the other wrote, and both come to one text", { timeout: 120_000 }, async () => {
  let undone = 0;
  await simulate([documents], { seeds: 4, faults: false }, async (world) => {
    const ann = openIn(world, world.client("ann"));
    const bob = openIn(world, world.client("bob"));
    await Promise.all([ann.opened(), bob.opened()]);
    const writers: readonly (readonly [DocumentSession, string, string])[] = [
      [ann, "a", "b"],
      [bob, "b", "a"],
    ];
    const countOf = (text: string, letter: string): number => text.split(letter).length - 1;
    for (let step = 0; step < 250; step++) {
      const [session, own, other] = writers[world.random.between(0, 1)] ?? [ann, "a", "b"];
      const draw = world.random.next();
      const before = countOf(session.text, other);
      if (draw < 0.6 || session.text === "") session.edit((text) => text.insert(world.random.between(0, text.length), own.repeat(world.random.between(1, 3))));
      else if (draw < 0.85) {
        if (session.undo.canUndo) undone++;
        session.undo.undo();
      } else session.undo.redo();
      expect(countOf(session.text, other)).toBe(before);
      session.undo.pause();
      await world.run(world.random.between(0, 40));
    }
    await Promise.all([ann.saved(), bob.saved()]);
    await world.settle();

    expect(ann.text).toBe(bob.text);
  });
  expect(undone).toBeGreaterThan(100);
});

test("undo brings back what one has deleted, redo takes it away again, and after a refusal there is nothing to take back", async () => {
  await simulate([serveDocuments({ accessOf: () => "write", limits: { characters: 10 } })], { seeds: 1, faults: false }, async (world) => {
    const ann = openIn(world, world.client("ann"));
    await ann.opened();
    ann.edit((text) => text.insert(0, "abc"));
    ann.undo.pause();
    ann.edit((text) => text.delete(1, 1));
    const texts = [ann.text];

    ann.undo.undo();
    texts.push(ann.text);
    ann.undo.redo();
    texts.push(ann.text);
    ann.undo.undo();
    ann.undo.undo();
    texts.push(ann.text);
    ann.undo.redo();
    ann.undo.redo();
    await ann.saved();
    ann.edit((text) => text.insert(0, "much too long"));
    await ann.saved();

    expect(texts).toEqual(["ac", "abc", "ac", ""]);
    expect([ann.text, ann.refused?.code, ann.undo.canUndo]).toEqual(["ac", "TOO_LARGE", false]);
  });
});
