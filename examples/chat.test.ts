import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";

/** The chat in one terminal. */
class Terminal {
  readonly lines: string[] = [];
  readonly #child;
  readonly #ended: Promise<number | null>;
  readonly #watchers = new Set<() => void>();

  constructor(name: string, env: Readonly<Record<string, string>>) {
    const args = ["--conditions=source", join(import.meta.dirname, "chat.ts"), name];
    this.#child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "inherit"] });
    this.#ended = new Promise((resolve) => this.#child.on("close", resolve));
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      this.lines.push(line);
      for (const look of this.#watchers) look();
    });
  }

  type(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** Resolves once it has printed the line. */
  shows(line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (this.lines.includes(line)) resolve();
      };
      this.#watchers.add(look);
      look();
      void this.#ended.then((code) => reject(new Error(`It ended with ${code} before "${line}": ${this.lines.join(" | ")}`)));
    });
  }

  /** Ends its input, as Ctrl-D does; gives the exit code. */
  leave(): Promise<number | null> {
    this.#child.stdin.end();
    return this.#ended;
  }

  kill(): Promise<number | null> {
    this.#child.kill("SIGKILL");
    return this.#ended;
  }
}

let folder: string;
let env: Readonly<Record<string, string>>;
let terminals: Terminal[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nexios-chat-"));
  env = { NEXIOS_DATA: folder, PORT: String(await findPort()) };
  terminals = [];
});

afterEach(async () => {
  await Promise.all(terminals.map((terminal) => terminal.kill()));
  await rm(folder, { recursive: true });
});

function open(name: string): Terminal {
  const terminal = new Terminal(name, env);
  terminals.push(terminal);
  return terminal;
}

function findPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { readonly port: number };
      server.close(() => resolve(port));
    });
  });
}

test("two terminals chat, and what one writes while the other's server is killed arrives at the next", async () => {
  const ann = open("ann");
  await ann.shows("ann: (is here)");
  const bob = open("bob");
  await bob.shows("bob: (is here)");
  ann.type("hello");
  await bob.shows("ann: hello");

  await ann.kill();
  bob.type("are you there?");
  const back = open("ann");
  await bob.shows("bob: are you there?");
  await back.shows("bob: are you there?");

  expect(back.lines.filter((line) => line === "bob: are you there?")).toHaveLength(1);
  expect(bob.lines.slice(0, 3)).toEqual(["ann: (is here)", "bob: (is here)", "ann: hello"]);
  expect(await bob.leave()).toBe(0);
  expect(await back.leave()).toBe(0);
}, 60_000);
