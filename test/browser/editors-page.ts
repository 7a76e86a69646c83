// The page of `editors.chromium.test.ts`: one document in a text area or in CodeMirror, as the address says; it is built by the test and served by the test's own app.
import { EditorView } from "@codemirror/view";
import { createClient } from "nexios/client";
import { bindTextarea, DocumentSession, MemoryEditStorage, type TextArea } from "nexios/collab/client";
import { bindCodeMirror } from "nexios/collab/codemirror";

/** What of a browser the page needs; the tests are compiled without a browser's types. */
interface Element {
  textContent: string;
  append(child: unknown): void;
}
interface Browser {
  readonly location: { readonly hash: string };
  readonly document: { querySelector(selector: string): Element; createElement(name: "textarea"): Element & TextArea & { ariaLabel: string; rows: number } };
}
const { document, location } = globalThis as unknown as Browser;

const [name = "", editor = ""] = location.hash.slice(1).split(",");
const client = createClient({ token: async () => (await fetch(`/token/${name}`)).text(), limits: { presenceMs: 50, longestRetryMs: 200 } });
const session = new DocumentSession(client, "1", { storage: new MemoryEditStorage() });
const place = document.querySelector("main");

if (editor === "area") {
  const area = document.createElement("textarea");
  Object.assign(area, { ariaLabel: "Text", rows: 20 });
  place.append(area);
  bindTextarea(session, area);
} else {
  const view = new EditorView({ extensions: [EditorView.lineWrapping, EditorView.contentAttributes.of({ "aria-label": "Text" })] });
  place.append(view.dom);
  bindCodeMirror(session, view);
}

function show(): void {
  const { status, refused, cursors } = session;
  const carets = cursors.people.map((person) => `${person.name}@${person.cursor?.head ?? "-"}`).join();
  document.querySelector("p").textContent =
    `${status.kind}${"isSaved" in status && !status.isSaved ? ", waiting" : ""}|${refused?.code ?? "-"}|${refused?.text.length ?? 0}|${carets}`;
}
session.onChange(show);
show();
Object.assign(globalThis, { session });
