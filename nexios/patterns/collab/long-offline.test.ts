import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MemoryEditStorage } from "./offline.ts";
import { Desk } from "./session-desk.fixture.ts";
import type { DocumentSession } from "./session.ts";

const edits = 10_000;

let desk: Desk;

beforeEach(async () => {
  desk = await Desk.open();
});

afterEach(() => desk.close());

/** Many edits in one go: words that are all different, and every tenth time one of them is deleted again. Gives those that are to stay. */
function writeMuch(session: DocumentSession, name: string): ReadonlySet<string> {
  const words: string[] = [];
  const gone = new Set<string>();
  const first = session.text.length;
  let end = first;
  for (let made = 0; made < edits; made++) {
    const last = words.at(-1) ?? "";
    if (made % 10 === 9) {
      session.edit((text) => text.delete(end - last.length, last.length));
      gone.add(last);
      words.pop();
      end -= last.length;
      continue;
    }
    const word = `<${name}${made}>`;
    session.edit((text) => text.insert(end, word));
    words.push(word);
    end += word.length;
  }
  return new Set(words);
}

test(
  "10,000 edits that one made without a connection, in a tab that was closed, and 10,000 that another made without one meanwhile, come to one text, all of them, once",
  { timeout: 120_000 },
  async () => {
    const [storage, others] = [new MemoryEditStorage(), new MemoryEditStorage()];
    const cat = desk.write("cat").session;
    await desk.documents.create("1", "[]");
    const [ann, bob] = [desk.write("ann", { storage }), desk.write("bob", { storage: others })];
    await Promise.all([ann.session.opened(), bob.session.opened(), cat.opened()]);
    ann.cut();
    bob.cut();
    await vi.waitFor(() => expect([ann.session.status.kind, bob.session.status.kind]).toEqual(["offline", "offline"]));

    const annWords = writeMuch(ann.session, "a");
    const bobWords = writeMuch(bob.session, "b");
    const unsaved = [ann.session.refused, ann.session.isSaved, bob.session.isSaved];
    await ann.session.stored();
    await ann.client.close();
    storage.endPages();
    const again = desk.write("ann", { storage });
    // Somebody else goes on writing all the time.
    let served = 0;
    const over = new AbortController();
    const typing = (async () => {
      for (; !over.signal.aborted; served++) {
        cat.edit((text) => text.insert(0, "c"));
        await cat.saved();
      }
    })();
    await again.session.opened();
    const begun = new Promise<void>((resolve) =>
      cat.room.onEntry(({ value }) => {
        if (value.kind === "edited" && value.client === bob.session.client) resolve();
      }),
    );
    bob.mend();
    await begun;
    // What is under way now is sent again.
    bob.cut();
    bob.mend();
    await vi.waitFor(async () => expect(await storage.load("document/1")).toEqual([]), { timeout: 60_000 });
    await Promise.all([again.session.saved(), bob.session.saved()]);
    over.abort();
    await typing;

    const text = await desk.documents.text("1");
    await vi.waitFor(() => expect([again.session.text === text, bob.session.text === text, cat.text === text]).toEqual([true, true, true]), {
      timeout: 60_000,
    });
    expect(unsaved).toEqual([undefined, false, false]);
    expect([again.session.refused, bob.session.refused]).toEqual([undefined, undefined]);
    const shown: readonly string[] = text.match(/<\w+>/g) ?? [];
    expect(shown).toHaveLength(annWords.size + bobWords.size);
    expect(new Set(shown)).toEqual(new Set([...annWords, ...bobWords]));
    expect(text.replaceAll(/<\w+>/g, "")).toBe(`${"c".repeat(served)}[]`);
  },
);
