import { onText, type TextChange, type TextDocument } from "./engine.ts";
import { moveStretch } from "./moved-changes.ts";
import type { DocumentSession } from "./session.ts";
import { findTyped, moveBy } from "./textarea-difference.ts";

/** What of an event is looked at: of a key, or of an input. */
interface AreaEvent {
  readonly inputType?: string;
  readonly key?: string;
  readonly ctrlKey?: boolean;
  readonly metaKey?: boolean;
  readonly shiftKey?: boolean;
  readonly altKey?: boolean;
  preventDefault(): void;
}

/** What of an `HTMLTextAreaElement` is used: a server's types have none. */
export interface TextArea {
  value: string;
  readOnly: boolean;
  scrollTop: number;
  scrollLeft: number;
  readonly selectionStart: number;
  readonly selectionEnd: number;
  readonly selectionDirection: "forward" | "backward" | "none";
  setSelectionRange(start: number, end: number, direction?: "forward" | "backward" | "none"): void;
  addEventListener(name: string, listener: (event: AreaEvent) => void): void;
  removeEventListener(name: string, listener: (event: AreaEvent) => void): void;
}

/**
 * Binds a `<textarea>` to a session until the function is called: typing, composition (IME), undo and redo of one's own edits, carets, and the lock while one may not
 * write. Others' edits keep selection and scroll where they are.
 */
export function bindTextarea(session: DocumentSession, area: TextArea): () => void {
  let document: TextDocument | undefined;
  let endDocument = (): void => {};
  let isComposing = false;
  let isOver = false;
  let hasCaret = false;
  /** What the area shows as far as it is known here, and what has happened to the document since, while the area may not be touched. */
  let shown = "";
  let shownRaw = "";
  let missed: TextChange[] = [];

  function begin(): void {
    endDocument();
    ({ document } = session);
    endDocument = onText(document, (changes, origin) => {
      if (origin === session.origin) return;
      // With other ends of lines in it the area's places are not the document's.
      if (hasReturns(shownRaw) || hasReturns(session.text)) missed = [findTyped(shown, normal(session.text), 0) ?? []].flat();
      else missed.push(...changes);
      if (!isComposing) catchUp();
    });
    missed = [];
    shownRaw = session.text;
    shown = normal(shownRaw);
    area.value = shown;
  }

  /** Puts what others have done into the area. */
  function catchUp(): void {
    const { selectionStart, selectionEnd, selectionDirection, scrollTop, scrollLeft } = area;
    const isCaret = selectionStart === selectionEnd;
    let [start, end] = [selectionStart, selectionEnd];
    for (const change of missed) [start, end] = [moveBy(change, start, isCaret), moveBy(change, end, true)];
    missed = [];
    shownRaw = session.text;
    shown = normal(shownRaw);
    if (area.value === shown) return;
    area.value = shown;
    area.setSelectionRange(start, Math.max(start, end), selectionDirection);
    Object.assign(area, { scrollTop, scrollLeft });
    showCaret();
  }

  /** Takes what was typed into the document: at its place there, though others may have written meanwhile. */
  function take(): void {
    const typed = findTyped(shown, area.value, area.selectionEnd);
    if (typed !== undefined) {
      const gone = typed.deleted === 0 ? [] : moveStretch({ from: typed.at, to: typed.at + typed.deleted }, missed);
      const at = missed.reduce((place, change) => moveBy(change, place, typed.deleted === 0), typed.at);
      const { text: before } = session;
      session.edit((text) => {
        // What another has written between what was deleted stays.
        for (const { from, to } of gone.toReversed()) text.delete(toRaw(before, from), toRaw(before, to) - toRaw(before, from));
        if (typed.inserted !== "") text.insert(toRaw(before, at), typed.inserted);
      });
      // The area has it already; what others did is before or behind it.
      missed = missed.map((change) => ({
        ...change,
        at: change.at > typed.at ? Math.max(change.at - typed.deleted, typed.at) + typed.inserted.length : change.at,
      }));
    }
    catchUp();
  }

  /** The document was replaced while something was composed: that is not lost with it. */
  function putInto(typed: TextChange | undefined): void {
    begin();
    const at = Math.min(typed?.at ?? 0, session.text.length);
    if (typed !== undefined && typed.inserted !== "") session.edit((text) => text.insert(at, typed.inserted));
    begin();
    area.setSelectionRange(at + (typed?.inserted.length ?? 0), at + (typed?.inserted.length ?? 0));
  }

  function showCaret(): void {
    hasCaret = true;
    const [start = 0, end = 0] = [area.selectionStart, area.selectionEnd].map((place) => toRaw(session.text, place));
    if (area.selectionDirection === "backward") session.cursors.show(end, start);
    else session.cursors.show(start, end);
  }

  const listeners: Record<string, (event: AreaEvent) => void> = {
    input() {
      if (isComposing) return;
      take();
      showCaret();
    },
    compositionstart: () => (isComposing = true),
    compositionend() {
      isComposing = false;
      if (document === session.document) take();
      else putInto(findTyped(shown, area.value, area.selectionEnd));
      showCaret();
    },
    beforeinput(event) {
      if (event.inputType === "historyUndo") step(event, "undo");
      if (event.inputType === "historyRedo") step(event, "redo");
    },
    keydown(event) {
      if (event.altKey === true || (event.ctrlKey !== true && event.metaKey !== true)) return;
      const key = event.key?.toLowerCase();
      if (key === "z") step(event, event.shiftKey === true ? "redo" : "undo");
      if (key === "y") step(event, "redo");
    },
    select: showCaret,
    keyup: showCaret,
    pointerup: showCaret,
    focus: showCaret,
    blur: hideCaret,
  };

  function hideCaret(): void {
    if (hasCaret) session.cursors.hide();
    hasCaret = false;
  }

  function step(event: { preventDefault(): void }, kind: "undo" | "redo"): void {
    event.preventDefault();
    if (!isComposing && session.canWrite) session.undo[kind]();
  }

  function follow(): void {
    if (document !== session.document && !isComposing) begin();
    area.readOnly = !session.canWrite;
  }

  for (const [name, listener] of Object.entries(listeners)) area.addEventListener(name, listener);
  const endSession = session.onChange(follow);
  follow();
  return () => {
    if (isOver) return;
    isOver = true;
    // What is being composed is text too.
    if (isComposing) take();
    hideCaret();
    endSession();
    endDocument();
    for (const [name, listener] of Object.entries(listeners)) area.removeEventListener(name, listener);
  };
}

/** As an area has it. */
function normal(text: string): string {
  return text.replaceAll(/\r\n?/g, "\n");
}

function hasReturns(text: string): boolean {
  return text.includes("\r");
}

/** Where a place of the area is in the document. */
function toRaw(text: string, place: number): number {
  if (!hasReturns(text)) return place;
  let at = 0;
  for (let left = place; left > 0 && at < text.length; left--) at += text.startsWith("\r\n", at) ? 2 : 1;
  return at;
}
