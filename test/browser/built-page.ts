import { join } from "node:path";
import { build } from "vite";

/** A page of the tests as one script; `mode` is React's: in its development build strict mode runs each effect twice. */
export async function buildPage(file: string, mode: "development" | "production" = "production"): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: "error",
    mode,
    define: { "process.env.NODE_ENV": JSON.stringify(mode) },
    resolve: { conditions: ["source", "browser"] },
    build: { write: false, minify: false, lib: { entry: join(import.meta.dirname, file), formats: ["es"], fileName: "page" } },
  });
  const chunk = [output].flat().flatMap((built) => ("output" in built ? built.output : []))[0];
  if (chunk?.type !== "chunk") throw new TypeError("The build gave no script");
  return chunk.code;
}
