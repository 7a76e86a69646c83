import { type ChildProcess, fork } from "node:child_process";
import { join, sep } from "node:path";
import { setTimeout } from "node:timers/promises";
import { CrashCount } from "../../demo/server/crash-count.ts";
import { findPort } from "../services/find-port.ts";
import { createServiceFolder, type ServiceFolder } from "../services/service-folder.ts";

/** How a process of the app is run. */
export interface AppProcessOptions {
  readonly name: string;
  /** The file that it runs. */
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onProgress: (line: string) => void;
  /** It has ended, and to start it again is no help. */
  readonly onFailure: (failure: Error) => void;
}

/** The folder of this repository. */
const root = join(import.meta.dirname, "../..");

/** One process of the app, which is started again on its port when it dies. */
export class AppProcess {
  readonly port: number;
  readonly #options: AppProcessOptions;
  readonly #folder: ServiceFolder;
  readonly #crashes = new CrashCount();
  #child: ChildProcess | undefined;
  #ended = Promise.resolve();
  #wasReady = false;
  #isStopping = false;

  private constructor(port: number, options: AppProcessOptions) {
    this.port = port;
    this.#options = options;
    this.#folder = createServiceFolder("app", "SIGKILL");
  }

  /** Resolves when it is ready. @throws Error when it ends before */
  static async start(options: AppProcessOptions): Promise<AppProcess> {
    const app = new AppProcess(await findPort(), options);
    app.#run();
    while (!(await app.#isReady())) {
      if (app.#child === undefined) {
        await app.stop();
        throw new Error(`${options.name} has ended before it was ready`);
      }
      await setTimeout(50);
    }
    app.#wasReady = true;
    return app;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Ends it in good order, and deletes its folder. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#child?.kill("SIGTERM");
    await this.#ended;
    await this.#folder.close();
  }

  #run(): void {
    const { program, env } = this.#options;
    const own = { PORT: String(this.port), HOST: "127.0.0.1", NEXIOS_DATA: this.#folder.path };
    // In a group of its own: Ctrl-C is for us, who end it in good order. What it says is progress, not an address to print.
    const child = fork(program, ["--supervised"], {
      env: { ...process.env, ...env, ...own },
      // An app of another folder has the package as it was packed, without its sources.
      execArgv: program.startsWith(root + sep) ? ["--conditions=source"] : [],
      detached: true,
      stdio: ["ignore", 2, 2, "ipc"],
    });
    this.#child = child;
    this.#folder.watch(child.pid);
    this.#ended = new Promise((resolve) => {
      child.once("error", () => resolve()).once("exit", () => resolve());
    });
    child.once("exit", (code, signal) => this.#hasEnded(String(code ?? signal)));
  }

  #hasEnded(how: string): void {
    const { name, onProgress, onFailure } = this.#options;
    this.#child = undefined;
    this.#folder.watch(undefined);
    // One that never was ready has said why, and would say it again.
    if (this.#isStopping || !this.#wasReady) return;
    if (this.#crashes.isLoop(performance.now())) {
      onFailure(new Error(`${name} has died ${this.#crashes.times} times within ${this.#crashes.withinMs / 1_000} s, at last with ${how}`));
      return;
    }
    onProgress(`${name} has ended with ${how}: it is started again`);
    this.#run();
  }

  async #isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/health/ready`)).ok;
    } catch {
      // It does not listen yet.
      return false;
    }
  }
}
