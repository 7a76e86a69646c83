import { defineConfig } from "vitest/config";
import { findServices } from "./test/services.ts";

const missing = findServices().filter((service) => !service.present);

export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"], externalConditions: ["source"] } },
  test: {
    include: ["nexios/**/*.test.ts", "demo/**/*.test.{ts,tsx}", "commands/**/*.test.ts", "examples/**/*.test.ts", "bench/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", ...missing.map(({ name }) => `**/*.${name}.{test,*.test}.*`)],
    isolate: false,
    pool: "threads",
    maxWorkers: 2,
    testTimeout: 30_000,
    dangerouslyIgnoreUnhandledErrors: false,
    typecheck: { enabled: false },
  },
});
