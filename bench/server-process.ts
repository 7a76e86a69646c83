import { type ChildProcess, spawn, type StdioOptions } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { spawnPinned } from "./spawn-pinned.ts";

/** What a server prints as its first line. */
export interface Ready {
  readonly port: number;
  /** The limits that this server does not keep to, for the bench to print. */
  readonly lifted?: string;
}

/** How a server is started. */
export interface ServerProcessOptions {
  /** `false`: on all cores, for one whose threads are to work at once. */
  readonly isPinned?: boolean;
  /** Beside the environment of the bench. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A server in a process of its own, on core 0 unless it says otherwise. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly ready: Ready;
  #asked = 0;

  private constructor(child: ChildProcess, ready: Ready) {
    this.#child = child;
    this.ready = ready;
  }

  static async start(name: string, nodeOptions: readonly string[] = [], { isPinned = true, env: own = {} }: ServerProcessOptions = {}): Promise<ServerProcess> {
    const script = join(import.meta.dirname, "servers", `${name}.ts`);
    const words = ["--conditions=source", ...nodeOptions, script];
    const stdio: StdioOptions = ["ignore", "pipe", "inherit", "ipc"];
    const env = { ...process.env, ...own };
    const child = isPinned ? spawnPinned(0, process.execPath, words, stdio, env) : spawn(process.execPath, words, { stdio, env });
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout! }).once("line", resolve);
      child.once("exit", (code) => reject(new Error(`The server ${name} ended with ${code} before it was ready.`)));
    });
    return new ServerProcess(child, JSON.parse(line) as Ready);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Puts a question to the server's `answer-questions.ts`. */
  ask<Answer>(question: string): Promise<Answer> {
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      const lost = (): void => reject(new Error(`The server ended before it answered "${question}".`));
      const onMessage = (message: { id: number; answer: Answer }): void => {
        if (message.id !== id) return;
        this.#child.off("message", onMessage);
        this.#child.off("exit", lost);
        resolve(message.answer);
      };
      this.#child.on("message", onMessage);
      this.#child.once("exit", lost);
      this.#child.send({ id, question });
    });
  }

  /** The most memory that the process has held, in MB. */
  async peakMemoryMb(): Promise<number> {
    const status = await readFile(`/proc/${this.pid}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]) / 1024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await ended;
  }
}
