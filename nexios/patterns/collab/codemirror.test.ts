// @vitest-environment happy-dom
import { EditorState } from "@codemirror/state";
import { EditorView, runScopeHandlers } from "@codemirror/view";
import { simulate } from "nexios/simulation";
import { expect, test } from "vitest";
import { bindCodeMirror, showAuthors } from "./codemirror.ts";
import { serveDocuments } from "./serve-documents.ts";
import type { DocumentSession } from "./session.ts";
import { openIn } from "./session-world.fixture.ts";

interface ElementLike {
  readonly textContent: string;
  readonly title: string;
  querySelectorAll(selector: string): Iterable<ElementLike>;
  getAttribute(name: string): string | null;
  append(child: unknown): void;
}
const page = globalThis as unknown as {
  readonly document: { readonly body: ElementLike };
  readonly KeyboardEvent: new (name: string, options: object) => never;
  readonly Event: new (name: string, options: object) => never;
};

interface Bench {
  readonly ann: DocumentSession;
  readonly bob: DocumentSession;
  readonly annView: EditorView;
  readonly bobView: EditorView;
  readonly end: () => void;
  readonly settle: () => Promise<void>;
}

/** Two who write, each in an editor. */
async function withEditors(run: (bench: Bench) => Promise<void>, first = "one two three", limits = {}): Promise<void> {
  await simulate([serveDocuments({ accessOf: () => "write", limits })], { seeds: 1, faults: false }, async (world) => {
    const sessions = ["ann", "bob"].map((name) => openIn(world, world.client(name)));
    const [ann, bob] = sessions as [DocumentSession, DocumentSession];
    await Promise.all(sessions.map((session) => session.opened()));
    bob.edit((text) => text.insert(0, first));
    await bob.saved();
    await world.settle();
    const [annView, bobView] = sessions.map(() => new EditorView({ doc: "gone" })) as [EditorView, EditorView];
    for (const view of [annView, bobView]) page.document.body.append(view.dom);
    const ends = [bindCodeMirror(ann, annView), bindCodeMirror(bob, bobView)];
    const settle = async (): Promise<void> => {
      await Promise.all(sessions.map((session) => session.saved()));
      await world.run(200);
      await world.settle();
      // What a session tells comes a turn later.
      await new Promise(setImmediate);
    };
    await run({ ann, bob, annView, bobView, settle, end: ends[0] ?? (() => {}) });
    for (const end of ends) end();
    for (const view of [annView, bobView]) view.destroy();
  });
}

function textIn(view: EditorView): string {
  return view.state.doc.sliceString(0, view.state.doc.length, "\n");
}

/** As typing does; what is locked takes none. */
function type(view: EditorView, from: number, to: number, insert: string): void {
  view.dispatch({ changes: { from, to, insert: view.state.toText(insert) }, selection: { anchor: from + insert.length }, userEvent: "input.type" });
}

function press(view: EditorView, key: string, shiftKey = false): void {
  runScopeHandlers(view, new page.KeyboardEvent("keydown", { key, ctrlKey: true, shiftKey, keyCode: key.toUpperCase().charCodeAt(0) }), "editor");
}

/** A document that is not laid out tells of its selection in the middle of the editor's work. */
function haveFocus(view: EditorView): void {
  Object.defineProperty(view, "hasFocus", { value: true });
}

function paste(view: EditorView, text: string): void {
  const event = new page.Event("paste", { bubbles: true, cancelable: true });
  Object.assign(event, { clipboardData: { getData: () => text } });
  (view.contentDOM as unknown as { dispatchEvent(event: unknown): void }).dispatchEvent(event);
}

function partsOf(view: EditorView, selector: string): readonly ElementLike[] {
  return [...(view.dom as unknown as ElementLike).querySelectorAll(selector)];
}

test("two who type at once see one text, which is stored", () =>
  withEditors(async ({ ann, annView, bobView, settle }) => {
    const before = textIn(annView);
    type(annView, 3, 3, ",");
    type(bobView, 13, 13, " four");
    type(annView, 0, 1, "O");
    await settle();

    expect(before).toBe("one two three");
    expect([textIn(annView), textIn(bobView), ann.text]).toEqual(Array(3).fill("One, two three four"));
  }));

test("keys take back and do again one's own edits only", () =>
  withEditors(async ({ annView, bobView, settle }) => {
    type(annView, 0, 0, "ann ");
    await settle();
    type(bobView, 4, 4, "bob ");
    await settle();

    press(annView, "z");
    await settle();
    const undone = textIn(bobView);
    press(annView, "y");
    await settle();

    expect([undone, textIn(bobView)]).toEqual(["bob one two three", "ann bob one two three"]);
  }));

test("after a refusal the editor has what the others have, and goes on from there", () =>
  withEditors(
    async ({ ann, annView, bobView, settle }) => {
      type(annView, 0, 0, "x".repeat(50));
      annView.dispatch({ selection: { anchor: 54 } });
      await settle();
      const caret = annView.state.selection.main.head;
      const after = textIn(annView);
      type(annView, 0, 0, "y");
      await settle();

      expect(ann.refused).toEqual({ code: "TOO_LARGE", text: `${"x".repeat(50)}one two three` });
      expect(caret).toBe(4);
      expect([after, textIn(annView), textIn(bobView)]).toEqual(["one two three", "yone two three", "yone two three"]);
    },
    "one two three",
    { characters: 40 },
  ));

test("returns that are in the text stay, whoever wrote them", () =>
  withEditors(async ({ ann, bob, annView, bobView, settle }) => {
    type(annView, 3, 3, "+");
    type(annView, 0, 0, "typed\r\n");
    bob.edit((text) => text.insert(text.length, "\rend"));
    await settle();

    expect(ann.text).toBe("typed\r\na\r\n+b\nc\rend");
    expect([textIn(annView), textIn(bobView)]).toEqual([ann.text, ann.text]);
  }, "a\r\nb\nc"));

test("another's caret stands with his name between the same characters, and goes with him", () =>
  withEditors(async ({ bob, annView, settle }) => {
    bob.cursors.show(4, 7);
    await settle();
    const [selected, names] = [partsOf(annView, ".nexios-selection"), partsOf(annView, ".nexios-caret-name")].map((parts) =>
      parts.map(({ textContent }) => textContent),
    );
    type(annView, 0, 0, "and ");
    await settle();
    const moved = partsOf(annView, ".nexios-selection").map(({ textContent }) => textContent);
    bob.cursors.hide();
    await settle();

    expect([selected, names, moved]).toEqual([["two"], ["bob"], ["two"]]);
    expect([...partsOf(annView, ".nexios-selection"), ...partsOf(annView, ".nexios-caret")]).toEqual([]);
  }));

test("who wrote what is marked as long as it is wanted, and moves with the text", () =>
  withEditors(async ({ annView }) => {
    const runs = [
      { text: "one ", userId: "ann", name: "Ann" },
      { text: "two three", userId: "bob", name: "Bob" },
    ];
    const marked = (): readonly string[] => partsOf(annView, ".nexios-author").map(({ title, textContent }) => `${title}: ${textContent}`);

    annView.dispatch({ effects: showAuthors([{ text: "another text", userId: "ann", name: "Ann" }], () => "red") });
    const none = marked();
    annView.dispatch({ effects: showAuthors(runs, () => "red") });
    const first = marked();
    type(annView, 4, 4, "or ");
    const moved = marked();
    annView.dispatch({ effects: showAuthors(undefined, () => "red") });

    expect([none, first, moved, marked()]).toEqual([[], ["Ann: one ", "Bob: two three"], ["Ann: one ", "Bob: two three"], []]);
  }));

test("what is written inside of somebody's marked text is not marked as his, whoever writes it", () =>
  withEditors(async ({ annView, bobView, settle }) => {
    const runs = [
      { text: "one ", userId: "ann", name: "Ann" },
      { text: "two three", userId: "bob", name: "Bob" },
    ];
    annView.dispatch({ effects: showAuthors(runs, () => "red") });
    type(bobView, 2, 2, "XX");
    await settle();
    type(annView, 7, 9, "YYY");

    const marked = partsOf(annView, ".nexios-author").map(({ title, textContent }) => `${title}: ${textContent}`);
    expect(textIn(annView)).toBe("onXXe tYYY three");
    expect(marked).toEqual(["Ann: on", "Ann: e ", "Bob: t", "Bob:  three"]);
  }));

test("a paste has the ends of lines that an editor has", () =>
  withEditors(async ({ ann, annView, settle }) => {
    annView.dispatch({ selection: { anchor: 3 } });
    paste(annView, ",\r\nthen\rand");
    await settle();

    expect(ann.text).toBe("one,\nthen\nand two three");
  }));

test("who is in the editor when it is bound is seen at once, at his place", () =>
  withEditors(async ({ ann, annView, bob, end, settle }) => {
    end();
    haveFocus(annView);
    annView.dispatch({ selection: { anchor: 4, head: 7 } });
    await settle();
    const before = bob.cursors.people[0]?.cursor;
    const endAgain = bindCodeMirror(ann, annView);
    await settle();
    const after = bob.cursors.people[0]?.cursor;
    endAgain();

    expect([before, after]).toEqual([undefined, { anchor: 4, head: 7 }]);
  }));

test("of two editors of one session the one that goes does not take the other's caret with it", () =>
  withEditors(async ({ ann, annView, bob, end, settle }) => {
    const second = new EditorView();
    const endSecond = bindCodeMirror(ann, second);
    haveFocus(annView);
    annView.dispatch({ selection: { anchor: 4 } });
    endSecond();
    await settle();
    const before = bob.cursors.people[0]?.cursor;
    end();
    await settle();

    expect([before, bob.cursors.people[0]?.cursor]).toEqual([{ anchor: 4, head: 4 }, undefined]);
    second.destroy();
  }));

test("what others write elsewhere says nothing of one's own caret, so that who is away is idle", () =>
  withEditors(async ({ ann, annView, bobView, settle }) => {
    haveFocus(annView);
    annView.dispatch({ selection: { anchor: 4 } });
    await settle();
    const shown: unknown[] = [];
    const { room } = ann;
    const show = room.show.bind(room);
    room.show = (state) => {
      shown.push(state);
      show(state);
    };
    type(bobView, 13, 13, " four");
    await settle();
    const elsewhere = shown.length;
    type(bobView, 4, 4, "and ");
    await settle();

    expect([elsewhere, shown.length]).toEqual([0, 1]);
    expect(annView.state.selection.main.head).toBe(4);
  }));

test("a view that is bound no more keeps its text and sends nothing", () =>
  withEditors(async ({ ann, annView, end, settle }) => {
    end();
    type(annView, 0, 0, "alone ");
    await settle();

    expect([textIn(annView), ann.text]).toEqual(["alone one two three", "one two three"]);
  }));

test("while one may not write the editor is locked, and its text can be read and selected", () =>
  withEditors(async ({ ann, annView, end, settle }) => {
    const lock = (): readonly unknown[] => [annView.state.facet(EditorState.readOnly), partsOf(annView, ".cm-content")[0]?.getAttribute("aria-readonly")];
    const before = lock();
    const closed = ann.close();
    // A session that is being closed tells nobody: whoever binds then sees it at once.
    end();
    const endAgain = bindCodeMirror(ann, annView);
    const after = lock();
    endAgain();
    await Promise.all([closed, settle()]);

    expect([before, after, annView.state.facet(EditorView.editable)]).toEqual([[false, "false"], [true, "true"], true]);
  }));
