import axe from "axe-core";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { createServer, defaultClientConditions, type ViteDevServer } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, openPerson, type Person } from "../browser/person.ts";
import { type Program, startProgram } from "../child-process.ts";
import { readPage, root } from "./pages.ts";
import { samplesOf } from "./samples.ts";
import { findPort } from "../../commands/services/find-port.ts";

// The page as its reader goes through it: its own files, its own server, Vite with its own settings, two windows.

let folder: string;
let vite: ViteDevServer;
let server: Program;
let browser: Browser;

const html = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Plan</title><link rel="icon" href="data:,">
<main></main>
<script type="module" src="/main.tsx"></script></html>`;

beforeAll(async () => {
  await mkdir(join(root, ".cache"), { recursive: true });
  folder = await mkdtemp(join(root, ".cache/documents-"));
  const port = String(await findPort());
  const [sample] = samplesOf(readPage("docs/guide/documents.md"));
  for (const { path, code } of sample?.files ?? []) await writeFile(join(folder, path), code.replaceAll("3000", port));
  await writeFile(join(folder, "index.html"), html);
  vite = await createServer({
    root: folder,
    configFile: join(folder, "vite.config.ts"),
    logLevel: "error",
    cacheDir: join(folder, "vite"),
    server: { port: await findPort() },
    // The package as it stands in this repository; its readers have it built.
    resolve: { conditions: ["source", ...defaultClientConditions] },
  });
  await vite.listen();
  server = startProgram(process.execPath, ["--conditions=source", join(folder, "server.ts")], { NEXIOS_DATA: join(folder, ".data") });
  await server.line(/"kind":"listening"/);
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await vite.close();
  await server.stop("SIGKILL");
  await rm(folder, { recursive: true });
});

async function open(name: string): Promise<Person> {
  const person = await openPerson(browser);
  await person.page.goto(`${vite.resolvedUrls?.local[0] ?? ""}#${name}`);
  await person.page.getByText(/^saved/).waitFor();
  return person;
}

/** What is not accessible. */
async function findingsIn({ page }: Person): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate("axe.run(document.querySelector('main')).then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`))");
}

test("two windows write one text, see each other, mark who wrote what, and one makes it what it was before", { timeout: 60_000 }, async () => {
  const [ann, bob] = [await open("ann"), await open("bob")];
  const textOf = ({ page }: Person) => page.getByRole("textbox", { name: "Text of plan" });

  await textOf(ann).click();
  await ann.page.keyboard.press("Control+End");
  await ann.page.keyboard.type("- from ann");
  await textOf(bob).filter({ hasText: "from ann" }).waitFor();
  await bob.page.getByText("saved, with ann").waitFor();
  await bob.page.getByRole("button", { name: "Who wrote what" }).click();
  await bob.page.locator(".nexios-author[title=ann]").waitFor();
  const findings = [...(await findingsIn(ann)), ...(await findingsIn(bob))];
  await bob.page.getByRole("button", { name: "History" }).click();
  await bob.page.getByRole("listitem").filter({ hasText: "ann" }).getByRole("button").click();
  await bob.page.getByText(/^Restored/).waitFor();
  await textOf(ann).filter({ hasNotText: "from ann" }).waitFor();

  expect(findings).toEqual([]);
  expect([...ann.complaints, ...bob.complaints]).toEqual([]);
});
