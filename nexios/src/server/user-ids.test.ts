import { expect, test } from "vitest";
import { calm } from "../../../test/wire/calm-load.ts";
import { NexiosApp } from "../app/app.ts";
import { connect, ManualClock } from "../testing/index.ts";
import { createHmac } from "node:crypto";
import { auth } from "./auth.ts";

const secret = "a secret of thirty-two bytes at least";
const ids = { "the server's own": "nexios", "an empty one": "", "half of a surrogate pair": "a\ud800b", "one of 257 characters": "x".repeat(257) };

test.each(Object.entries(ids))("a user with %s for an id comes in by no method", async (_what, id) => {
  await using app = house(id);
  app.get("/jwt", auth(["jwt"]), (c) => c.text(c.var.user.id));
  app.get("/key", auth(["key"]), (c) => c.text(c.var.user.id));

  const byToken = await app.request("/jwt", { headers: { authorization: `Bearer ${sign(id)}` } });
  const byKey = await app.request("/key");

  expect([byToken.status, ((await byToken.json()) as { code: string }).code]).toEqual([401, "TOKEN_INVALID"]);
  expect([byKey.status, ((await byKey.json()) as { code: string }).code]).toEqual([401, "TOKEN_INVALID"]);
});

test("nor by the first message, nor by a renewal", async () => {
  await using app = house("nexios");
  app.wsRoute("/first", auth(["jwt"], { firstMessage: true }), (ws) => ws.accept());
  app.wsRoute("/renewed", auth(["jwt"]), async (ws) => {
    await ws.accept();
    const renewing = ws.renew(await ws.receiveText());
    await ws.sendText(
      await renewing.then(
        () => "renewed",
        (error: { code: string }) => error.code,
      ),
    );
  });

  const first = await connect(app, "/first");
  first.sendJson({ token: sign("nexios") });
  const renewed = await connect(app, "/renewed", { token: sign("ann") });
  renewed.sendText(sign("nexios"));

  expect(await first.closed).toMatchObject({ code: 4401 });
  expect(await renewed.next()).toBe("TOKEN_INVALID");
});

test.each(Object.entries(ids))("no token is issued for %s", async (_what, sub) => {
  await using app = house(sub);

  await expect(app.tokens.issue({ sub }, { expiresInSeconds: 60 })).rejects.toThrow(TypeError);
});

/** An app on which `key` says that everybody has this id. */
function house(id: string): NexiosApp {
  const key = () => ({ user: { id, name: "somebody" } });
  return new NexiosApp({ auth: { jwt: { secret }, key }, load: calm, clock: new ManualClock() });
}

/** A token of whoever has the secret. */
function sign(sub: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub, exp: Date.UTC(2031, 0, 1) / 1_000 })}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}
