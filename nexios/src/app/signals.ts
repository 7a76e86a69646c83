import { report } from "../world/report.ts";

/** Stops on SIGINT or SIGTERM, then ends the process; a second signal ends it at once. */
export function runUntilSignal(stop: () => Promise<void>): void {
  let asked = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    const code = signal === "SIGINT" ? 130 : 143;
    if (asked) process.exit(code);
    asked = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        report("error", { where: "stop", error });
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
}
