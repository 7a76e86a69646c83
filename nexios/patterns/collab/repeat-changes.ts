import { editText, onText, type TextChange, type TextDocument } from "./engine.ts";

/** What is changed in the text of a document while something is done to it. */
export function changesBy(document: TextDocument, act: () => void): readonly TextChange[] {
  const all: TextChange[] = [];
  const end = onText(document, (changes) => all.push(...changes));
  act();
  end();
  return all;
}

/** The same in another document of that text, under a client id. */
export function repeatChanges(document: TextDocument, changes: readonly TextChange[], { client }: { readonly client: number }): Uint8Array | undefined {
  document.clientID = client;
  return editText(document, (text) => {
    for (const { at, deleted, inserted } of changes) {
      text.delete(at, deleted);
      text.insert(at, inserted);
    }
  });
}
