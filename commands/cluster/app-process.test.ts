import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AppProcess } from "./app-process.ts";

/** Says how Node was told to run it. */
const program = `
import { createServer } from "node:http";
createServer((_request, response) => response.end(JSON.stringify(process.execArgv))).listen(Number(process.env.PORT), process.env.HOST);
process.once("SIGTERM", () => process.exit());
`;

test.each([
  ["of another folder takes the package as it was packed", tmpdir(), []],
  ["of the repository takes its sources", import.meta.dirname, ["--conditions=source"]],
])("an app %s", async (_title, where, conditions) => {
  const folder = mkdtempSync(join(where, "nexios-app-process-"));
  try {
    writeFileSync(join(folder, "app.mjs"), program);
    const app = await AppProcess.start({ name: "App", program: join(folder, "app.mjs"), env: {}, onProgress: () => undefined, onFailure: () => undefined });
    try {
      expect(await (await fetch(`${app.url}/health/ready`)).json()).toEqual(conditions);
    } finally {
      await app.stop();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
