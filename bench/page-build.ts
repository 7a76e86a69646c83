import { join } from "node:path";
import { build } from "vite";

/** The page of the bench as one script and its styles. */
export async function buildBenchPage(): Promise<{ readonly script: string; readonly styles: string }> {
  const output = await build({
    configFile: false,
    logLevel: "error",
    mode: "production",
    define: { "process.env.NODE_ENV": JSON.stringify("production") },
    resolve: { conditions: ["source", "browser"] },
    build: {
      write: false,
      lib: { entry: join(import.meta.dirname, "../demo/web/src/control/chart-bench.fixture.tsx"), formats: ["es"], fileName: "page" },
    },
  });
  const built = [output].flat().flatMap((each) => ("output" in each ? each.output : []));
  const script = built.find((part) => part.type === "chunk");
  if (script?.type !== "chunk") throw new TypeError("The build gave no script");
  const styles = built.flatMap((part) => (part.type === "asset" && part.fileName.endsWith(".css") ? [String(part.source)] : []));
  return { script: script.code, styles: styles.join("\n") };
}
