import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { expect, test } from "vitest";

const sources = join(import.meta.dirname, "../nexios/src");

/** What a page pays for a module of the package, minified and gzipped: without React, and without what the folders of `paid` have brought already. */
async function weigh(module: string, paid: readonly string[] = []): Promise<number> {
  const isPaid = (path: string): boolean => paid.some((other) => path.includes(`/${other}/`));
  const built = await build({
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      target: "es2024",
      lib: { entry: join(sources, `${module}.ts`), formats: ["es"], fileName: "entry" },
      // A library keeps its line breaks unless it is told otherwise.
      rolldownOptions: { external: (path) => path === "react" || isPaid(path), output: { minify: true } },
    },
  });
  const chunks = [built].flat().flatMap((each) => ("output" in each ? each.output : []));
  const code = chunks.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join("");
  return gzipSync(code, { level: 9 }).length;
}

test("the client is at most 8.97 kB, gzipped, with JSON, beside the contracts that a page has anyway", async () => {
  const bytes = await weigh("client/client", ["contract"]);

  expect(bytes).toBeGreaterThan(4_000);
  expect(bytes).toBeLessThanOrEqual(8_970);
});

test.each(["read-history", "indexed-db"])(
  "%s, which a page imports beside the client, is at most 0.65 kB, gzipped, with what the client has already",
  async (part) => {
    const bytes = await weigh(`client/${part}`);

    expect(bytes).toBeGreaterThan(200);
    expect(bytes).toBeLessThanOrEqual(650);
  },
);

test("the hooks and the banner are at most 3 kB, gzipped, beside React and the client", async () => {
  const bytes = await weigh("react/index", ["client", "protocol"]);

  expect(bytes).toBeGreaterThan(2_000);
  expect(bytes).toBeLessThanOrEqual(3_000);
});
