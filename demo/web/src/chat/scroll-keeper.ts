/** What a log that is scrolled shows. */
export interface Shown {
  /** The numbers of the oldest and the newest line; 0 where there is none. */
  readonly first: number;
  readonly last: number;
  /** One's own lines that are on their way: another one takes the reader to the end. */
  readonly own: number;
  /** Changes when there is something to catch up with. */
  readonly mark: number | undefined;
}

/** Where its reader is. */
export interface Place {
  readonly isAtEnd: boolean;
  /** The newest line that there was when the end was last on the screen. */
  readonly readTo: number;
}

/** So near to its end a log is at its end. */
const nearPx = 24;

/**
 * Keeps a log that is scrolled where its reader is: at the end while lines come, in place when older ones come before it, and at the mark when there is a new one.
 * The browser's own anchoring is off for it: that does nothing at the very top, where older lines are asked for.
 */
export class ScrollKeeper {
  readonly #listeners = new Set<() => void>();
  #element: HTMLElement | undefined;
  #shown: Shown = { first: 0, last: 0, own: 0, mark: undefined };
  #place: Place = { isAtEnd: true, readTo: 0 };
  #fromEndPx = 0;

  /** A reference for the element that scrolls. */
  readonly attach = (element: HTMLElement | null): (() => void) => {
    this.#element = element ?? undefined;
    const stop = new AbortController();
    element?.addEventListener("scroll", () => this.#measure(), stop);
    // A keyboard on the screen makes it smaller.
    const observer = new ResizeObserver(() => {
      if (this.#place.isAtEnd) this.toEnd();
    });
    if (element !== null) observer.observe(element);
    return () => {
      stop.abort();
      observer.disconnect();
      this.#element = undefined;
    };
  };

  /** The same object until it changes. */
  readonly read = (): Place => this.#place;

  readonly onChange = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The rows have been changed, and not yet been seen. */
  follow(shown: Shown): void {
    const element = this.#element;
    const before = this.#shown;
    this.#shown = shown;
    if (element === undefined) return;
    const hasOlder = before.first > 0 && shown.first > 0 && shown.first < before.first;
    if (hasOlder) element.scrollTop = element.scrollHeight - this.#fromEndPx;
    else if (this.#place.isAtEnd || shown.own > before.own) element.scrollTop = element.scrollHeight;
    if (shown.mark !== undefined && shown.mark !== before.mark) showMark(element);
    this.#measure();
  }

  toEnd(): void {
    this.#element?.scrollTo({ top: this.#element.scrollHeight });
  }

  #measure(): void {
    if (this.#element === undefined) return;
    const { scrollHeight, scrollTop, clientHeight } = this.#element;
    this.#fromEndPx = scrollHeight - scrollTop;
    const isAtEnd = this.#fromEndPx - clientHeight <= nearPx;
    const readTo = isAtEnd ? this.#shown.last : this.#place.readTo;
    if (isAtEnd === this.#place.isAtEnd && readTo === this.#place.readTo) return;
    this.#place = { isAtEnd, readTo };
    for (const listener of this.#listeners) listener();
  }
}

/** What is on the screen at the end already stays there; a mark further up comes to the top. */
function showMark(log: HTMLElement): void {
  const mark = log.querySelector<HTMLElement>("li.chat-mark");
  if (mark !== null && mark.offsetTop < log.scrollTop) log.scrollTop = mark.offsetTop;
}
