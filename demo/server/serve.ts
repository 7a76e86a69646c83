import { logReports, NexiosError } from "nexios";
import { join } from "node:path";
import { createSaleroom } from "./saleroom.ts";
import { toStartFailure } from "./start-failure.ts";
import type { ServerMessage } from "./supervisor.ts";

/** Who runs the server, and whether it ran before. */
export interface ServeOptions {
  readonly isSupervised: boolean;
  readonly isAgain: boolean;
}

/** Of several processes one that stops is sent nobody from then on: a balancer such as HAProxy asks each second, and believes it the second time. */
const noticedAfterMs = 3_000;

/** Serves the Saleroom until a signal ends it; ends the process with 1 if it can't. */
export async function serve({ isSupervised, isAgain }: ServeOptions): Promise<void> {
  logReports();
  try {
    const { PORT, HOST, NEXIOS_DATA, WEB_FOLDER, TRUSTED_PROXIES = "", REDIS_URL } = process.env;
    requireOneSecret(process.env);
    const app = createSaleroom({
      dataFolder: NEXIOS_DATA || ".data",
      webFolder: WEB_FOLDER || join(import.meta.dirname, "../web/dist"),
      robots: true,
      trustedProxies: TRUSTED_PROXIES.split(",").flatMap((range) => range.trim() || []),
      ...(isSupervised && { restart: die }),
    });
    // Without its supervisor nobody would end it.
    if (isSupervised) process.once("disconnect", () => process.exit(1));
    const { url, port } = await app.run({ port: Number(PORT || 3_000), host: HOST || "127.0.0.1", notReadyMs: REDIS_URL ? noticedAfterMs : 0 });
    process.stdout.write(`The Saleroom is open${isAgain ? " again" : ""}: ${url}\n`);
    if (isSupervised) tell({ kind: "open", port });
  } catch (error) {
    process.stderr.write(`${toStartFailure(error)}\n`);
    process.exit(1);
  }
}

/** Each process would make its own: a token of one, or a device that is sent to, would be nothing to the others. @throws NexiosError SECRET_MISSING */
function requireOneSecret({ NEXIOS_SECRET, REDIS_URL, DATABASE_URL }: NodeJS.ProcessEnv): void {
  const named = REDIS_URL ? "REDIS_URL" : DATABASE_URL ? "DATABASE_URL" : undefined;
  if (named === undefined || NEXIOS_SECRET) return;
  throw new NexiosError("SECRET_MISSING", `${named} says that there may be several processes: set NEXIOS_SECRET, the same for each of them`);
}

/** As a crash would: nothing is closed, nobody is told but the supervisor. */
function die(): void {
  tell({ kind: "restart" }, () => process.kill(process.pid, "SIGKILL"));
}

function tell(message: ServerMessage, told: () => void = () => {}): void {
  process.send?.(message, undefined, undefined, told);
}
