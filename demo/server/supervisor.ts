import { type ChildProcess, fork } from "node:child_process";
import { CrashCount } from "./crash-count.ts";

/** What the server tells its supervisor. */
export type ServerMessage =
  | { readonly kind: "open"; readonly port: number }
  /** Its end is wanted, and no crash. */
  | { readonly kind: "restart" };

const signals = ["SIGINT", "SIGTERM"] as const;
const signalCodes: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143, SIGKILL: 137 };

const shortestPauseMs = 1_000;
const longestPauseMs = 30_000;

/**
 * Runs a program in a process of its own, and starts it again on the same port when it dies. Ends with it when it can't start at first, dies too often, or a signal was sent.
 * One that was open, and can't start again, is tried again and again: what it needs may be away.
 */
export class Supervisor {
  readonly #script: string;
  readonly #crashes = new CrashCount();
  #child: ChildProcess | undefined;
  /** Of the first start; a later one takes the same. */
  #port: number | undefined;
  #isOpen = false;
  #hasOpened = false;
  #pauseMs = shortestPauseMs;
  #isWanted = false;
  #isStopping = false;

  constructor(script: string) {
    this.#script = script;
  }

  start(): void {
    for (const signal of signals) process.on(signal, () => this.#pass(signal));
    this.#run(["--supervised"]);
  }

  #run(args: readonly string[]): void {
    const env = this.#port === undefined ? process.env : { ...process.env, PORT: String(this.#port) };
    // In a group of its own, or Ctrl-C would reach it twice, and the second signal ends it at once.
    const child = fork(this.#script, args, { env, detached: true, stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#child = child;
    this.#isOpen = false;
    this.#isWanted = false;
    child.on("message", (message) => this.#hear(message as ServerMessage));
    child.on("exit", (code, signal) => this.#ended(code ?? signalCodes[signal ?? ""] ?? 1));
  }

  #hear(message: ServerMessage): void {
    if (message.kind === "restart") this.#isWanted = true;
    else {
      this.#isOpen = this.#hasOpened = true;
      this.#pauseMs = shortestPauseMs;
      this.#port = message.port;
    }
  }

  #pass(signal: NodeJS.Signals): void {
    this.#isStopping = true;
    // Between two tries there is none.
    if (this.#child === undefined) process.exit(signalCodes[signal]);
    this.#child.kill(signal);
  }

  #ended(code: number): void {
    // One that never opened has said why, and would say it again.
    if (this.#isStopping || !this.#hasOpened || code === 0) process.exit(code);
    if (!this.#isOpen) return this.#tryLater();
    if (!this.#isWanted && this.#crashes.isLoop(performance.now())) {
      const { times, withinMs } = this.#crashes;
      process.stderr.write(`The server has died ${times} times within ${withinMs / 1_000} s: it is not started again\n`);
      process.exit(code);
    }
    const what = this.#isWanted ? "was killed from the trouble panel" : `has ended with ${code}`;
    process.stderr.write(`The server ${what}: it is started again\n`);
    this.#run(["--supervised", "--again"]);
  }

  #tryLater(): void {
    process.stderr.write(`The server could not start again: it is tried again in ${this.#pauseMs / 1_000} s\n`);
    this.#child = undefined;
    setTimeout(() => this.#run(["--supervised", "--again"]), this.#pauseMs);
    this.#pauseMs = Math.min(longestPauseMs, 2 * this.#pauseMs);
  }
}
