import { auth, NexiosApp } from "nexios";
import { connect } from "nexios/testing";
import { inspect } from "node:util";
import { expect, test, vi } from "vitest";
import { calm } from "./calm-load.ts";
import { collectReports } from "./collect-reports.ts";

const secret = "a secret of thirty-two bytes at least";
const marked = "MARK7f3a9c";

test("a token shows up nowhere: not in what is printed, reported or answered, whether it is good, bad or late, and wherever it stood", async () => {
  using reports = collectReports();
  using stdout = vi.spyOn(process.stdout, "write");
  using stderr = vi.spyOn(process.stderr, "write");
  await using app = new NexiosApp({ auth: { jwt: { secret, cookie: "session" } }, load: calm, limits: { connectionsPerUser: 1_000 } });
  app.wsRoute("/", auth(["jwt"], { firstMessage: true }), async (ws) => {
    await ws.accept();
    await ws.renew(`${marked}.${marked}.${marked}`).catch(() => undefined);
    await ws.sendText("in");
    await ws.receiveJson();
    throw new Error("planted");
  });
  app.get("/me", auth(["jwt"]), () => {
    throw new Error("planted");
  });
  const { url } = await app.listen({ port: 0 });
  const good = await app.tokens.issue({ sub: "ann" }, { expiresInSeconds: 60 });
  const late = await app.tokens.issue({ sub: "ann" }, { expiresInSeconds: -60 });
  const answers: unknown[] = [];

  for (const token of [good, late, `${marked}.${marked}.${marked}`, `${good}${marked}`, marked]) {
    const places: readonly (() => ReturnType<typeof connect>)[] = [
      () => connect(url, "/", { token }),
      () => connect(url, "/", { headers: { cookie: `session=${token}`, origin: url } }),
      () => connect(url, "/", { headers: { cookie: `session=${token}` } }),
      () => connect(url, "/", { subprotocols: ["nexios.auth", token] }),
      () => connect(url, `/?token=${token}`),
      () => connect(url, `/?other=${token}`, { token }),
      async () => {
        const peer = await connect(url, "/");
        peer.sendJson({ token });
        return peer;
      },
    ];
    for (const open of places) {
      try {
        const peer = await open();
        answers.push(peer.subprotocol);
        peer.sendJson(1);
        answers.push(await peer.closed);
      } catch (error) {
        answers.push(error);
      }
    }
    const response = await fetch(`${url}/me`, { headers: { authorization: `Bearer ${token}` } });
    answers.push(response.status, await response.text(), (await fetch(`${url}/me?token=${token}`)).status);
  }
  await app.stop();

  const printed = [...stdout.mock.calls, ...stderr.mock.calls];
  const told = inspect([reports.troubles, answers, printed], { depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity, showHidden: true });
  expect(printed).toEqual([]);
  expect(reports.of("error").length).toBeGreaterThan(0);
  expect(reports.of("refused").length).toBeGreaterThan(10);
  for (const mark of [marked, good.split(".")[2]!, late.split(".")[2]!]) expect(told.split(mark)).toHaveLength(1);
});
