// @vitest-environment happy-dom
import { simulate } from "nexios/simulation";
import fc from "fast-check";
import { expect, test } from "vitest";
import { serveDocuments } from "./serve-documents.ts";
import type { DocumentSession } from "./session.ts";
import { openIn } from "./session-world.fixture.ts";
import { bindTextarea, type TextArea } from "./textarea.ts";
import { findTyped } from "./textarea-difference.ts";

interface Area extends TextArea {
  dispatchEvent(event: unknown): void;
  remove(): void;
}
const page = globalThis as unknown as {
  readonly document: { createElement(name: string): Area; readonly body: { append(area: Area): void } };
  readonly Event: new (name: string, options?: object) => object;
};

/** What a person does to an area, as a browser tells of it. */
class Typist {
  readonly area: Area;

  constructor(area: Area) {
    this.area = area;
  }

  /** Puts text in place of the selection; an empty one deletes what is selected. */
  put(text: string, isTold = true): void {
    const { value, selectionStart, selectionEnd } = this.area;
    this.area.value = value.slice(0, selectionStart) + text + value.slice(selectionEnd);
    this.area.setSelectionRange(selectionStart + text.length, selectionStart + text.length);
    if (isTold) this.say("input");
  }

  say(name: string, details: object = {}): { isPrevented: boolean } {
    const event = Object.assign(new page.Event(name), details);
    const said = { isPrevented: false };
    Object.assign(event, { preventDefault: () => (said.isPrevented = true) });
    this.area.dispatchEvent(event);
    return said;
  }
}

interface Bench {
  readonly ann: DocumentSession;
  readonly bob: DocumentSession;
  readonly typist: Typist;
  readonly area: Area;
  readonly end: () => void;
  readonly settle: () => Promise<void>;
}

/** Ann's area, and Bob, who writes by himself. */
async function withArea(run: (bench: Bench) => Promise<void>, first = "one two three", limits = {}): Promise<void> {
  await simulate([serveDocuments({ accessOf: () => "write", limits })], { seeds: 1, faults: false }, async (world) => {
    const [ann, bob] = [openIn(world, world.client("ann")), openIn(world, world.client("bob"))];
    await Promise.all([ann.opened(), bob.opened()]);
    bob.edit((text) => text.insert(0, first));
    await bob.saved();
    await world.settle();
    const area = page.document.createElement("textarea");
    page.document.body.append(area);
    const end = bindTextarea(ann, area);
    const settle = async (): Promise<void> => {
      await Promise.all([ann.saved(), bob.saved()]);
      await world.settle();
    };
    await run({ ann, bob, area, typist: new Typist(area), end, settle });
    end();
    area.remove();
  });
}

test("what is typed, replaced and deleted in the area is in the document at its place", async () => {
  await withArea(async ({ bob, area, typist, settle }) => {
    area.setSelectionRange(3, 3);
    typist.put(",");
    area.setSelectionRange(5, 8);
    typist.put("2");
    area.setSelectionRange(0, 3);
    typist.put("");
    await settle();

    expect([area.value, bob.text]).toEqual([", 2 three", ", 2 three"]);
  });
});

test("others' edits come into the area, and selection, direction and scroll stay where they were", async () => {
  await withArea(async ({ bob, area, settle }) => {
    area.setSelectionRange(4, 7, "backward");
    Object.assign(area, { scrollTop: 30, scrollLeft: 5 });

    bob.edit((text) => text.insert(0, ">> "));
    bob.edit((text) => text.insert(text.length, " four"));
    await settle();

    expect(area.value).toBe(">> one two three four");
    expect([area.value.slice(area.selectionStart, area.selectionEnd), area.selectionDirection]).toEqual(["two", "backward"]);
    expect([area.scrollTop, area.scrollLeft]).toEqual([30, 5]);
  });
});

test("what is being composed is left alone by others' edits, and is at its place when it is done", async () => {
  await withArea(async ({ bob, area, typist, settle }) => {
    area.setSelectionRange(7, 7);
    typist.say("compositionstart");
    typist.put("に");
    bob.edit((text) => text.insert(0, "zero "));
    bob.edit((text) => text.delete(text.length - 6, 6));
    await settle();
    const meanwhile = area.value;
    typist.area.setSelectionRange(7, 8);
    typist.put("日本");
    typist.say("compositionend");
    await settle();

    expect(meanwhile).toBe("one twoに three");
    expect([area.value, bob.text]).toEqual(["zero one two日本", "zero one two日本"]);
    expect(area.selectionStart).toBe("zero one two日本".length);
  });
});

test("what another writes inside of a selection that is composed over stays, behind what was composed", async () => {
  await withArea(async ({ ann, bob, area, typist, settle }) => {
    area.setSelectionRange(4, 7);
    typist.say("compositionstart");
    typist.put("zwei");
    bob.edit((text) => text.insert(5, "<bob>"));
    bob.edit((text) => text.delete(0, 4));
    await settle();
    typist.say("compositionend");
    await settle();

    expect([ann.text, bob.text, area.value]).toEqual(["zwei<bob> three", "zwei<bob> three", "zwei<bob> three"]);
    expect([area.selectionStart, area.selectionEnd]).toEqual([4, 4]);
  });
});

test("what is being composed when the area is let go is not lost", async () => {
  await withArea(async ({ ann, area, typist, end }) => {
    area.setSelectionRange(13, 13);
    typist.say("compositionstart");
    typist.put("に");

    end();

    expect(ann.text).toBe("one two threeに");
  });
});

test("undo and redo, by keys and by the browser's menu, take back one's own edits alone", async () => {
  await withArea(async ({ ann, bob, area, typist, settle }) => {
    area.setSelectionRange(13, 13);
    typist.put("!");
    ann.undo.pause();
    bob.edit((text) => text.insert(0, "B "));
    await settle();

    const byKey = typist.say("keydown", { key: "z", ctrlKey: true });
    const afterUndo = area.value;
    const byMenu = typist.say("beforeinput", { inputType: "historyRedo" });
    const afterRedo = area.value;
    typist.say("keydown", { key: "Z", metaKey: true, shiftKey: true });
    typist.say("keydown", { key: "z", ctrlKey: true });
    typist.say("keydown", { key: "z", ctrlKey: true });

    expect([afterUndo, afterRedo, area.value]).toEqual(["B one two three", "B one two three!", "B one two three"]);
    expect([byKey.isPrevented, byMenu.isPrevented]).toEqual([true, true]);
  });
});

test("after a refusal the area shows what others have, and one types on", async () => {
  await withArea(
    async ({ ann, bob, area, typist, settle }) => {
      area.setSelectionRange(13, 13);
      typist.put("x".repeat(100));
      await settle();
      const [refused, shown] = [ann.refused?.text, area.value];
      area.setSelectionRange(0, 0);
      typist.put("a");
      await settle();

      expect([refused, shown]).toEqual([`one two three${"x".repeat(100)}`, "one two three"]);
      expect([bob.text, area.readOnly]).toEqual(["aone two three", false]);
    },
    undefined,
    { characters: 50 },
  );
});

test("a text with other ends of lines is edited at the right place, and keeps them", async () => {
  await withArea(async ({ bob, area, typist, settle }) => {
    area.setSelectionRange(4, 4);
    typist.put("x");
    await settle();
    bob.edit((text) => text.insert(0, "y"));
    await settle();
    typist.put("z");
    await settle();

    expect(bob.text).toBe("yab\r\ncxz\r\nd");
  }, "ab\r\nc\r\nd");
});

test("a character of two halves is never broken, whatever is put in place of it", async () => {
  await withArea(async ({ bob, area, typist, settle }) => {
    area.setSelectionRange(0, 2);
    typist.put("😃");
    await settle();

    expect([area.value, bob.text]).toEqual(["😃!", "😃!"]);
  }, "😀!");
});

test("where the caret is others see, and that it is gone", async () => {
  await withArea(async ({ ann, bob, area, typist, settle }) => {
    area.setSelectionRange(4, 7, "backward");
    typist.say("select");
    await settle();
    const shown = bob.cursors.people.find(({ client }) => client === ann.client)?.cursor;
    typist.say("blur");
    await settle();

    expect(shown).toEqual({ anchor: 7, head: 4 });
    expect(bob.cursors.people.find(({ client }) => client === ann.client)?.cursor).toBeUndefined();
  });
});

test("what was typed turns the text before into the text after, for any two texts and any caret", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "😀", "😃"), maxLength: 8 });
  fc.assert(
    fc.property(text, text, fc.nat(16), (before, after, caret) => {
      const typed = findTyped(before, after, Math.min(caret, after.length));

      const made = typed === undefined ? before : before.slice(0, typed.at) + typed.inserted + before.slice(typed.at + typed.deleted);
      expect(made).toBe(after);
    }),
    { numRuns: 2_000 },
  );
});
