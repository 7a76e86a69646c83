import { simulate } from "nexios/simulation";
import { expect, test } from "vitest";
import { serveDocuments } from "./serve-documents.ts";
import { openIn, WordBook } from "./session-world.fixture.ts";

const documents = serveDocuments({ accessOf: () => "write" });

test(
  "three who write over cuts, kills and spells without a connection come to one text, in which nothing is lost and nothing doubled",
  { timeout: 300_000 },
  async () => {
    let edits = 0;
    await simulate([documents], { seeds: 100 }, async (world) => {
      const book = new WordBook(world.random);
      const names = ["ann", "bob", "cat"];
      const sessions = names.map((name) => openIn(world, world.client(name)));
      for (let turn = 0; turn < 60; turn++) {
        const at = world.random.between(0, 2);
        const [session, name = ""] = [sessions[at], names[at]];
        if (session !== undefined) book.type(session, name);
        if (world.random.next() < 0.15) world.cut(name);
        await world.run(world.random.between(0, world.random.next() < 0.1 ? 10_000 : 200));
      }
      edits += book.inserted.size;
      for (const session of sessions) expect(session.refused).toBeUndefined();
      await Promise.all(sessions.map((session) => session.saved()));
      await world.settle();

      const fresh = openIn(world, world.client("dan"));
      await fresh.opened();
      const texts = new Set([...sessions, fresh].map(({ text }) => text));
      expect([texts.size, book.faultsOf(fresh.text)]).toEqual([1, []]);
      expect(sessions.map(({ status }) => status.kind)).toEqual(["saved", "saved", "saved"]);
    });
    expect(edits).toBeGreaterThan(500);
  },
);
