/** Less of a text than so many pixels is not to be called seen. */
const leastSeen = 150;

/** How much of the window is covered at its ends, by the bar, a sheet and a soft keyboard: pixels. */
export function coveredEnds(): { readonly top: number; readonly bottom: number } {
  const [bar, sheet] = [".document-bar", ".document-panel"].map((selector) => document.querySelector(selector));
  const { visualViewport } = window;
  const keyboard = visualViewport === null ? 0 : innerHeight - visualViewport.height - visualViewport.offsetTop;
  return {
    top: bar && getComputedStyle(bar).position === "sticky" ? bar.getBoundingClientRect().height : 0,
    bottom: Math.max(0, keyboard, sheet && getComputedStyle(sheet).position === "fixed" ? innerHeight - sheet.getBoundingClientRect().top : 0),
  };
}

/** Scrolls the window so far that an element begins in the part that is free; the focus stays where it is. */
export function bringToFreePart(element: Element): void {
  const [first] = element.getClientRects();
  if (first === undefined) return;
  const { top, bottom } = coveredEnds();
  const end = innerHeight - bottom;
  const isSeen = first.top >= top && first.bottom <= end;
  if (!isSeen) scrollBy({ top: first.top - top - (end - top) / 4 });
}

/** Scrolls the window so far that an element's begin is in the part that is free, where less than some lines of it are. */
export function bringBeginToFreePart(element: Element): void {
  const { top, bottom } = coveredEnds();
  const begin = element.getBoundingClientRect().top;
  if (begin > innerHeight - bottom - leastSeen) scrollBy({ top: begin - top });
}
