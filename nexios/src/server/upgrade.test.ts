import { expect, test } from "vitest";
import { calm } from "../../../test/wire/calm-load.ts";
import { closeFrame } from "../../../test/wire/client-frames.ts";
import { collectReports } from "../../../test/wire/collect-reports.ts";
import { answerTo, upgradeHead } from "../../../test/wire/raw-socket.ts";
import { NexiosApp } from "../app/app.ts";

const secret = "a secret of thirty-two bytes at least";

const splitting: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "a value with a line break": { "x-name": "ann\r\nset-cookie: admin=1" },
  "a value with a bare line feed": { "x-name": "ann\nset-cookie: admin=1" },
  "a value with a null": { "x-name": "ann\0" },
  "a name with a line break": { "x-name\r\nset-cookie": "admin=1" },
  "a name with a colon": { "set-cookie: admin=1; x": "x" },
  "an empty name": { "": "x" },
};

test.each(Object.entries(splitting))("accept with a header that would split the answer is a mistake, and nothing of it is sent: %s", async (_what, headers) => {
  using reports = collectReports();
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm });
  let thrown: unknown;
  app.wsRoute("/", async (ws) => {
    await ws.accept({ headers }).catch((error: unknown) => {
      thrown = error;
      throw error;
    });
  });
  const { port } = await app.listen({ port: 0 });

  const answer = await answerTo(port, upgradeHead("/"));

  expect(thrown).toBeInstanceOf(TypeError);
  expect(answer).toMatch(/^HTTP\/1\.1 500 /);
  expect(answer).not.toContain("admin");
  expect(reports.of("error").map(({ error }) => error)).toEqual([thrown]);
  expect(app.connectionCount).toBe(0);
});

test("the headers of an accept stand in its answer", async () => {
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm });
  app.wsRoute("/", (ws) => ws.accept({ headers: { "x-name": "ann", "set-cookie": "a=1; HttpOnly" } }));
  const { port } = await app.listen({ port: 0 });

  const answer = await answerTo(port, Buffer.concat([Buffer.from(upgradeHead("/")), closeFrame(1000)]));

  expect(answer).toMatch(/^HTTP\/1\.1 101 /);
  expect(answer).toContain("\r\nx-name: ann\r\nset-cookie: a=1; HttpOnly\r\n");
});
