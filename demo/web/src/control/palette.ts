/** Colours of a chart as they are now, in the form that a canvas takes. */
export interface Palette {
  readonly lines: readonly string[];
  readonly text: string;
  readonly grid: string;
  readonly limit: string;
}

const lineNames = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `--line-${number}`);

/** Reads the page's colours: what they are in its theme only an element can tell. */
export function readPalette(host: HTMLElement): Palette {
  const probe = document.createElement("span");
  host.append(probe);
  const read = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const palette = { lines: lineNames.map(read), text: read("--muted"), grid: read("--line"), limit: read("--warn") };
  probe.remove();
  return palette;
}

/** Tells when the theme has changed: the person's choice, or the system's. */
export function onTheme(listener: () => void): () => void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = new MutationObserver(listener);
  dark.addEventListener("change", listener);
  chosen.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => {
    dark.removeEventListener("change", listener);
    chosen.disconnect();
  };
}
