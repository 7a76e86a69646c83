import type { Locator } from "playwright-core";
import { goTo } from "./auction-page.ts";
import type { House } from "./house.ts";
import type { Person } from "./person.ts";

/** Where one writes: the editor, or the plain text area. */
export function fieldOf({ page }: Person): Locator {
  return page.getByRole("textbox", { name: "Text", exact: true });
}

/** Opens a text of the catalogue, and waits until it can be written in, or only read. */
export async function openText(person: Person, house: House, id: string, title: string, state = "saved"): Promise<void> {
  await goTo(person, house, `/desk/${id}`, title);
  await waitForText(person, state);
}

/** Waits until the text is in this state, as its sign says. */
export function waitForText({ page }: Person, state: string): Promise<void> {
  return page.locator(`.document-state[data-state="${state}"]`).waitFor();
}

/** Writes at the end, key by key. */
export async function writeAtEnd(person: Person, text: string): Promise<void> {
  await fieldOf(person).click();
  await person.page.keyboard.press("Control+End");
  await person.page.keyboard.type(text);
}

/** What stands in the field, without the names at carets. */
export function shownTo({ page }: Person): Promise<string> {
  return page.evaluate(`
    (() => {
      const plain = document.querySelector(".document-plain");
      if (plain !== null) return plain.value;
      const lines = [...document.querySelector(".document-editor").shadowRoot.querySelectorAll(".cm-line")].map((line) => line.cloneNode(true));
      for (const line of lines) for (const extra of line.querySelectorAll(".nexios-caret, .cm-placeholder")) extra.remove();
      return lines.map(({ textContent }) => textContent).join("\\n");
    })()
  `);
}

/** Puts text where the caret is, as one paste does. */
export async function paste({ page }: Person, text: string): Promise<void> {
  await page.evaluate(`
    ((text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", text);
      let editor = document.activeElement;
      if (editor.shadowRoot !== null) editor = editor.shadowRoot.activeElement;
      if (!editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))) return;
      // An event of a script's own puts nothing into an area.
      editor.setRangeText(text, editor.selectionStart, editor.selectionEnd, "end");
      editor.dispatchEvent(new InputEvent("input", { inputType: "insertFromPaste", bubbles: true }));
    })(${JSON.stringify(text)})
  `);
}

/** From here on it counts anew what jumps: a line that somebody else writes moves those below it. */
export async function forgetShift({ page }: Person): Promise<void> {
  await page.evaluate("Object.assign(witness, { shift: 0, moved: [] })");
}
