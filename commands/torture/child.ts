import { type ChildProcess, fork } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

/** How a child is started. */
export interface ChildOptions {
  readonly program: URL;
  readonly args: readonly string[];
  /** Settings beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** The file that takes what the child prints, behind what is there. */
  readonly output: string;
  /** Kills it when it is aborted. */
  readonly signal: AbortSignal;
  /** Told when the child ends though nobody wanted it to. */
  readonly onCrash: (what: string) => void;
}

/** A program in a process of its own, which tells its parent things. */
export class Child<Message> {
  /** With how it ended: a code, or a signal. */
  readonly ended: Promise<string>;
  readonly #file: string;
  readonly #process: ChildProcess;
  #isEndExpected = false;

  constructor({ program, args, env, output, signal, onCrash }: ChildOptions) {
    const out = openSync(output, "a");
    const file = fileURLToPath(program);
    this.#file = file;
    this.#process = fork(file, args, {
      execArgv: ["--conditions=source"],
      env: { ...process.env, ...env },
      stdio: ["ignore", out, out, "ipc"],
      signal,
      killSignal: "SIGKILL",
    });
    closeSync(out);
    // That it could not be started, was aborted, or was told something too late: its end says all.
    this.#process.on("error", () => undefined);
    const { promise, resolve } = Promise.withResolvers<string>();
    this.ended = promise;
    this.#process.once("exit", (code, by) => {
      const how = String(code ?? by);
      if (!this.#isEndExpected && how !== "0") onCrash(`${file} ended with ${how}, see ${output}`);
      resolve(how);
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** The next that it tells; `undefined` when it ends first. */
  next(): Promise<Message | undefined> {
    const message = new Promise<Message>((resolve) => this.#process.once("message", (value) => resolve(value as Message)));
    return Promise.race([message, this.ended.then(() => undefined)]);
  }

  /** The next that it tells. @throws Error when it ends first */
  async answer(): Promise<Message> {
    const answer = await this.next();
    if (answer === undefined) throw new Error(`${basename(this.#file)} ended (${await this.ended}) before it had answered`);
    return answer;
  }

  send(message: string): void {
    if (this.#process.connected) this.#process.send(message);
  }

  /** Kills it with SIGKILL, and waits for its end. */
  async kill(): Promise<void> {
    this.#isEndExpected = true;
    this.#process.kill("SIGKILL");
    await this.ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}
