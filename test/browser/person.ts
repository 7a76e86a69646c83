import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { findProgram } from "../services.ts";

const args = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Counts, before anything of the page runs, what a person would see jump and what the page's policy stopped. */
const witness = `
  window.witness = { shift: 0, moved: [], violations: [] };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) {
      witness.shift += entry.value;
      for (const { node } of entry.sources) witness.moved.push(node?.className || node?.parentElement?.className || node?.nodeName || "gone");
    }
  }).observe({ type: "layout-shift", buffered: true });
  addEventListener("securitypolicyviolation", (event) => witness.violations.push(event.violatedDirective + " " + event.blockedURI));
`;

export interface PersonOptions {
  readonly width?: number;
  readonly colorScheme?: "light" | "dark";
  readonly locale?: string;
}

/** One person in a browser context of its own, with all that the browser complained about. */
export interface Person {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors and warnings of the console, and exceptions; those of an outage that the test makes are not taken down. */
  readonly complaints: string[];
  /** From now on the browser may complain that the network is gone. */
  expectOutage(): void;
  endOutage(): void;
}

export function launchBrowser(): Promise<Browser> {
  const executablePath = findProgram("chromium");
  if (executablePath === undefined) throw new Error("There is no Chromium: set CHROMIUM or PATH");
  return chromium.launch({ executablePath, args });
}

export async function openPerson(browser: Browser, { width = 1280, colorScheme = "light", locale = "en-US" }: PersonOptions = {}): Promise<Person> {
  const isPhone = width < 500;
  const viewport = { width, height: isPhone ? 844 : 800 };
  const context = await browser.newContext({ viewport, colorScheme, locale, isMobile: isPhone, hasTouch: isPhone });
  const page = await context.newPage();
  const complaints: string[] = [];
  let isOutage = false;
  await page.addInitScript({ content: witness });
  page.on("console", (message) => {
    const isComplaint = message.type() === "error" || message.type() === "warning";
    // Chromium itself writes these lines; no page can keep it from doing so.
    const isOfOutage = isOutage && /net::ERR_|WebSocket connection to/.test(message.text());
    if (isComplaint && !isOfOutage) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return { context, page, complaints, expectOutage: () => void (isOutage = true), endOutage: () => void (isOutage = false) };
}

/** Goes to `path` and through the first screen. */
export async function comeIn({ page }: Person, url: string, { path = "/control", name = "Ann", colour = "Azure" } = {}): Promise<void> {
  await page.goto(url + path);
  // The radio is as large as its swatch, and as invisible.
  await page.getByRole("radio", { name: colour }).check({ force: true });
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Enter the Saleroom" }).click();
  await page.locator(".header").waitFor();
}

/** Waits until the control room says that it is in this state. */
export function waitForState({ page }: Pick<Person, "page">, state: string): Promise<void> {
  return page.locator(`.pill[data-state=${state}]`).waitFor();
}
