import type { Extension } from "@codemirror/state";
import { EditorView, type ViewUpdate } from "@codemirror/view";

/** What of a window and its elements is used: a server's types have none. */
interface WindowLike {
  readonly document: { readonly scrollingElement: ElementLike | null };
  requestAnimationFrame(draw: () => void): number;
  cancelAnimationFrame(frame: number): void;
  getComputedStyle(element: ElementLike): { readonly overflowY: string };
}
interface ElementLike {
  readonly ownerDocument: { readonly defaultView: WindowLike | null };
  readonly parentElement: ElementLike | null;
  readonly scrollTop: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
  getBoundingClientRect(): { readonly top: number; readonly bottom: number; readonly left: number };
  scrollBy(options: { readonly top: number; readonly behavior: "instant" }): void;
}

/** A place in the text, and where it stood in the window. */
interface Held {
  position: number;
  readonly top: number;
  /** How far its scroller was scrolled then. */
  readonly offset: number;
}

/** What is drawn at one place may move what was measured at another. */
const mostRounds = 4;

/**
 * Keeps the first row that is seen where it is while others write above it, whether the editor scrolls or what is around it. The editor does so by itself only if nothing
 * else comes before the next frame, and not while somebody only reads in a page that scrolls.
 */
export class ReadingPlace {
  readonly extension: Extension = EditorView.updateListener.of((update) => this.#follow(update));
  readonly #view: EditorView;
  readonly #content: ElementLike;
  readonly #window: WindowLike | null;
  #held: Held | undefined;
  #frame: number | undefined;
  /** A window scrolls by whole pixels: by how much it is off since then, so that many edits do not add up to a row. */
  #rest = { offset: NaN, error: 0 };
  /** One has written or gone somewhere since: one's own caret is to be seen. */
  #seeksCaret = false;

  constructor(view: EditorView) {
    this.#view = view;
    this.#content = view.contentDOM as unknown as ElementLike;
    this.#window = this.#content.ownerDocument.defaultView;
  }

  /** Before others' changes come; what comes until the next frame is drawn at once. Not while the view is being updated. */
  hold(): void {
    if (this.#frame !== undefined || this.#window === null) return;
    this.#frame = this.#window.requestAnimationFrame(() => this.#restore());
    const scroller = this.#scroller();
    const edge = this.#edgeOf(scroller);
    const { left, bottom } = this.#content.getBoundingClientRect();
    // Where its beginning is seen nothing is above it, and where nothing of it is seen the browser keeps what is.
    if (scroller === null || this.#view.documentTop >= edge || bottom <= edge) return;
    const position = this.#view.posAtCoords({ x: left + 1, y: edge + 1 }, false);
    const top = this.#topOf(position);
    const offset = scroller.scrollTop;
    this.#held = { position, top: offset === this.#rest.offset ? top - this.#rest.error : top, offset };
  }

  close(): void {
    if (this.#frame !== undefined) this.#window?.cancelAnimationFrame(this.#frame);
    this.#frame = this.#held = undefined;
  }

  #follow({ changes, transactions }: ViewUpdate): void {
    if (this.#held === undefined) return;
    this.#held.position = changes.mapPos(this.#held.position, 1);
    this.#seeksCaret ||= transactions.some(({ scrollIntoView }) => scrollIntoView);
  }

  #restore(): void {
    const held = this.#held;
    const seeksCaret = this.#seeksCaret;
    const scroller = this.#scroller();
    this.#frame = this.#held = undefined;
    this.#seeksCaret = false;
    if (held === undefined || scroller === null) return;
    // Before the editor measures, only a person has scrolled.
    const top = held.top - (scroller.scrollTop - held.offset);
    for (let round = 0; round < mostRounds; round++) {
      const moved = this.#topOf(held.position) - top;
      this.#rest = { offset: scroller.scrollTop, error: moved };
      if (Math.abs(moved) < 1) break;
      scroller.scrollBy({ top: moved, behavior: "instant" });
      this.#view.requestMeasure();
    }
    if (!seeksCaret) return;
    const { head } = this.#view.state.selection.main;
    this.#view.dispatch({ effects: EditorView.scrollIntoView(head) });
    // In this frame still.
    this.#topOf(head);
  }

  /** Where a place stands in the window, by what is drawn, or by what is guessed of it. Measures first what is not measured yet. */
  #topOf(position: number): number {
    return this.#view.coordsAtPos(position, 1)?.top ?? this.#view.documentTop + this.#view.lineBlockAt(position).top;
  }

  #scroller(): ElementLike | null {
    const page = this.#window?.document.scrollingElement ?? null;
    for (let element = this.#content.parentElement; element !== null && element !== page; element = element.parentElement) {
      if (element.scrollHeight > element.clientHeight && /auto|scroll/.test(this.#window?.getComputedStyle(element).overflowY ?? "")) return element;
    }
    return page;
  }

  /** Where the part of the window begins in which text is seen. */
  #edgeOf(scroller: ElementLike | null): number {
    const isPage = scroller === null || scroller === this.#window?.document.scrollingElement;
    return isPage ? 0 : Math.max(0, scroller.getBoundingClientRect().top);
  }
}
