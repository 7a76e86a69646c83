// The page of `reading.chromium.test.ts`: a document in CodeMirror, which scrolls by itself or with the page, as the address says; it is built by the test and served by the test's own app.
import { EditorView } from "@codemirror/view";
import { createClient } from "nexios/client";
import { DocumentSession } from "nexios/collab/client";
import { bindCodeMirror } from "nexios/collab/codemirror";

/** What of a browser the page needs; the tests are compiled without a browser's types. */
interface Browser {
  readonly location: { readonly hash: string };
  readonly document: { querySelector(selector: string): { append(child: unknown): void; textContent: string } };
}
const { document, location } = globalThis as unknown as Browser;

const [name = "", scroller = ""] = location.hash.slice(1).split(",");
const client = createClient({ token: async () => (await fetch(`/token/${name}`)).text(), limits: { presenceMs: 50 } });
const session = new DocumentSession(client, "1");
const height = scroller === "inner" ? { "&": { height: "300px" }, ".cm-scroller": { overflow: "auto" } } : {};
const view = new EditorView({
  extensions: [EditorView.lineWrapping, EditorView.theme(height), EditorView.contentAttributes.of({ "aria-label": "Text" })],
});
document.querySelector("main").append(view.dom);
bindCodeMirror(session, view);
session.onChange(() => {
  document.querySelector("p").textContent = session.status.kind;
});
Object.assign(globalThis, { session, view });
