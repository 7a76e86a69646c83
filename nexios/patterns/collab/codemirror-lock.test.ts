// @vitest-environment happy-dom
import { EditorView, runScopeHandlers } from "@codemirror/view";
import { expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { bindCodeMirror } from "./codemirror.ts";
import { Desk } from "./session-desk.fixture.ts";

const page = globalThis as unknown as { readonly KeyboardEvent: new (name: string, options: object) => never };

test("who may only read from now on while he types has what is stored, locked until he may write again", async () => {
  // Over the document's own the session does not open.
  vi.stubGlobal("WebSocket", WebSocket);
  const desk = await Desk.open();
  await desk.documents.create("1", "one two three");
  const { session } = desk.write("ann");
  await session.opened();
  const view = new EditorView();
  const end = bindCodeMirror(session, view);
  const shown = (): readonly unknown[] => [
    view.state.sliceDoc(),
    view.state.readOnly,
    (view.contentDOM as unknown as { getAttribute(name: string): string | null }).getAttribute("aria-readonly"),
  ];
  const type = (insert: string): void => view.dispatch({ changes: { from: 0, insert }, selection: { anchor: insert.length }, userEvent: "input.type" });

  const first = shown();
  desk.access.set("ann", "read");
  type("too late ");
  await desk.documents.accessChanged("1", "ann", "read");
  await vi.waitFor(() => expect([session.refused?.code, view.state.readOnly]).toEqual(["READ_ONLY", true]));
  runScopeHandlers(view, new page.KeyboardEvent("keydown", { key: "z", ctrlKey: true, keyCode: 90 }), "editor");
  const second = shown();
  desk.access.set("ann", "write");
  await desk.documents.accessChanged("1", "ann", "write");
  await vi.waitFor(() => expect(view.state.readOnly).toBe(false));
  type("again ");
  await session.saved();

  expect([first, second, shown()]).toEqual([
    ["one two three", false, "false"],
    ["one two three", true, "true"],
    ["again one two three", false, "false"],
  ]);
  expect([session.refused?.text, await desk.documents.text("1")]).toEqual(["too late one two three", "again one two three"]);
  end();
  view.destroy();
  await desk.close();
  vi.unstubAllGlobals();
});
