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

// The page as its reader goes through it: its own files, its own server, Vite as it shows the page, two windows.

let folder: string;
let vite: ViteDevServer;
let address: string;
let server: Program;
let browser: Browser;

beforeAll(async () => {
  await mkdir(join(root, ".cache"), { recursive: true });
  folder = await mkdtemp(join(root, ".cache/quick-start-"));
  const [sample] = samplesOf(readPage("docs/guide/quick-start.md"));
  const port = String(await findPort());
  vite = await createServer({
    root: folder,
    configFile: false,
    logLevel: "error",
    cacheDir: join(folder, "vite"),
    server: { port: await findPort() },
    // The package as it stands in this repository; its readers have it built.
    resolve: { conditions: ["source", ...defaultClientConditions] },
  });
  await vite.listen();
  address = vite.resolvedUrls?.local[0] ?? "";
  for (const { path, code } of sample?.files ?? []) {
    await writeFile(join(folder, path), code.replaceAll("3000", port).replaceAll("http://localhost:5173", new URL(address).origin));
  }
  server = await startServer();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await vite.close();
  await server.stop("SIGKILL");
  await rm(folder, { recursive: true });
});

async function startServer(): Promise<Program> {
  const program = startProgram(process.execPath, ["--conditions=source", join(folder, "server.ts")], { NEXIOS_DATA: join(folder, ".data") });
  await program.line(/"kind":"listening"/);
  return program;
}

async function open(name: string): Promise<Person> {
  const person = await openPerson(browser);
  // It has none, and the browser would complain of that.
  await person.page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
  await person.page.goto(`${address}#${name}`);
  return person;
}

async function say({ page }: Person, text: string): Promise<void> {
  await page.getByLabel("Say").fill(text);
  await page.getByLabel("Say").press("Enter");
}

function linesOf({ page }: Person): Promise<readonly string[]> {
  return page.locator("li").allTextContents();
}

test("two browsers chat, their server is killed and started again, and both have every line once", async () => {
  const people = await Promise.all(["ann", "bob"].map(open));
  const [ann, bob] = people;
  if (ann === undefined || bob === undefined) throw new Error("Nobody is there");
  await say(ann, "hello");
  await bob.page.getByText("ann: hello").waitFor();
  for (const person of people) person.expectOutage();
  await server.stop("SIGKILL");

  await ann.page.getByText("What you see may be old").waitFor();
  await say(bob, "are you there?");
  await bob.page.getByText("bob: are you there?").waitFor();
  server = await startServer();
  await ann.page.getByText("bob: are you there?").waitFor();

  const expected = ["ann: hello", "bob: are you there?"];
  expect(await Promise.all(people.map(linesOf))).toEqual([expected, expected]);
  expect(people.flatMap(({ complaints }) => complaints)).toEqual([]);
}, 60_000);
