import { act, createElement, type ReactElement, StrictMode } from "react";
import { createRoot, type Root } from "react-dom/client";
import type { Client } from "../client/index.ts";
import { RealtimeProvider } from "./provider.ts";

/** What tests ask of an element; the types of a browser are not here. */
export interface PageElement {
  textContent: string | null;
  innerHTML: string;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  click(): void;
  remove(): void;
}

/** A new place in the document to show something in. */
export function addPlace(): PageElement {
  const { document } = globalThis as unknown as {
    readonly document: { readonly body: { append(element: PageElement): void }; createElement(name: string): PageElement };
  };
  const place = document.createElement("main");
  document.body.append(place);
  return place;
}

/** A page of one visitor. Outside of `show`, `click` and `close` React works at its own time, as in a browser. */
export class Page {
  readonly #place = addPlace();
  readonly #root: Root;
  readonly #client: Client;
  readonly #isStrict: boolean;

  constructor(client: Client, isStrict: boolean) {
    this.#root = createRoot(this.#place, { onCaughtError: () => {} });
    this.#client = client;
    this.#isStrict = isStrict;
  }

  get text(): string {
    return this.#place.textContent ?? "";
  }

  all(selector: string): readonly PageElement[] {
    return [...this.#place.querySelectorAll(selector)];
  }

  textsOf(selector: string): readonly string[] {
    return this.all(selector).map(({ textContent }) => textContent ?? "");
  }

  show(element: ReactElement | null): void {
    const shown = createElement(RealtimeProvider, { client: this.#client }, element);
    inAct(() => this.#root.render(this.#isStrict ? createElement(StrictMode, null, shown) : shown));
  }

  click(label: string): void {
    const button = this.all("button").find(({ textContent }) => textContent === label);
    if (button === undefined) throw new Error(`There is no button "${label}"`);
    inAct(() => button.click());
  }

  close(): void {
    inAct(() => this.#root.unmount());
    this.#place.remove();
  }
}

/** Waits, turn by turn, until something holds: what it waits for comes over a network. */
export async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`It did not come about: ${holds.toString()}`);
    await nextTurn();
  }
}

/** Gives React the turns that it needs for what it has heard of. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await nextTurn();
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Runs what renders, with its effects. */
function inAct(run: () => void): void {
  const flags = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean };
  flags.IS_REACT_ACT_ENVIRONMENT = true;
  act(run);
  flags.IS_REACT_ACT_ENVIRONMENT = false;
}
