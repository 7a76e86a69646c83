import { EditorView, WidgetType } from "@codemirror/view";

/** What of an element is used: a server's types have none. */
interface ElementLike {
  readonly ownerDocument: { createElement(name: string): ElementLike & HTMLElement };
  readonly style: { setProperty(name: string, value: string): void };
  className: string;
  textContent: string | null;
  setAttribute(name: string, value: string): void;
  append(child: ElementLike): void;
}

/** Whose caret it is, and how it looks. */
export interface CaretLook {
  readonly name: string;
  readonly colour: string;
  /** The name stands below it. */
  readonly isBelow: boolean;
  /** So often it was moved: each time its name is shown anew. */
  readonly moves: number;
}

/** A caret with its name. */
export class Caret extends WidgetType {
  readonly #look: CaretLook;

  constructor(look: CaretLook) {
    super();
    this.#look = look;
  }

  override eq(other: Caret): boolean {
    const { name, colour, isBelow, moves } = other.#look;
    const own = this.#look;
    return own.name === name && own.colour === colour && own.isBelow === isBelow && own.moves === moves;
  }

  // It is no part of the text that is read out; who is here is said elsewhere.
  toDOM({ dom }: EditorView): HTMLElement {
    const { ownerDocument } = dom as unknown as ElementLike;
    const look = this.#look;
    const caret = ownerDocument.createElement("span");
    caret.className = look.isBelow ? "nexios-caret nexios-caret-first" : "nexios-caret";
    caret.setAttribute("aria-hidden", "true");
    caret.style.setProperty("--person", look.colour);
    const name = ownerDocument.createElement("span");
    name.className = "nexios-caret-name";
    name.textContent = look.name;
    caret.append(name);
    return caret;
  }

  // A click there is one into the text.
  override ignoreEvent(): boolean {
    return false;
  }
}

/** Of carets and selections. */
export const caretLooks = EditorView.baseTheme({
  ".nexios-selection": { background: "color-mix(in oklch, var(--person) 25%, transparent)" },
  // It takes no place, so that no line is ever moved by it.
  ".nexios-caret": { position: "relative", borderInlineStart: "2px solid var(--person)", marginInline: "-1px", pointerEvents: "none" },
  // What can be pointed at is wider than what is seen. A finger is not in its way.
  "@media (hover: hover)": {
    ".nexios-caret::before": { content: "''", position: "absolute", insetBlock: "0", insetInline: "-6px -4px", pointerEvents: "auto" },
  },
  // At once: half faded it could be read badly.
  "@keyframes nexios-caret-rest": { to: { opacity: "0" } },
  ".nexios-caret-name": {
    position: "absolute",
    insetBlockEnd: "100%",
    insetInlineStart: "-2px",
    padding: "0 4px",
    borderRadius: "4px 4px 4px 0",
    background: "var(--person)",
    color: "var(--person-ink, #fff)",
    font: "600 11px/1.4 system-ui",
    whiteSpace: "nowrap",
    maxInlineSize: "12em",
    overflow: "hidden",
    textOverflow: "ellipsis",
    zIndex: "1",
    // So long it stands at a caret that rests, until that is moved or pointed at.
    animation: "nexios-caret-rest 1ms linear 2.5s both",
  },
  ".nexios-caret:hover .nexios-caret-name": { animationName: "none" },
  ".nexios-caret-first .nexios-caret-name": { insetBlock: "100% auto", borderRadius: "0 4px 4px 4px" },
});
