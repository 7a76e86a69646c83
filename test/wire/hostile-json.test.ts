import { NexiosApp } from "nexios";
import { connect } from "nexios/testing";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { calm } from "./calm-load.ts";
import { collectReports } from "./collect-reports.ts";

const secret = "a secret of thirty-two bytes at least";

const refused: Readonly<Record<string, string>> = {
  nothing: "",
  blanks: " \r\n\t",
  words: "hello",
  undefined: "undefined",
  NaN: "NaN",
  "a single quote": "{'a':1}",
  "a trailing comma": "[1,]",
  "a comment": "[1]//",
  "two values": "1 2",
  "a NUL behind": "1\0",
  "a byte order mark": "\ufeff1",
  "a raw line break in a text": '"a\nb"',
  "half of an object": '{"a":',
  "half of a text": '"abc',
  "a number with a leading zero": "01",
  "a number in hex": "0x10",
  "a BigInt": "1n",
  "a key __proto__": '{"__proto__":{"polluted":1}}',
  "a key __proto__, escaped": '{"\\u005f_proto__":{"polluted":1}}',
  "a key __proto__, deep": '[{"a":[{"__proto__":null}]}]',
  "constructor.prototype": '{"constructor":{"prototype":{"polluted":1}}}',
  "constructor.prototype, escaped": '{"c\\u006fnstructor":{"prot\\u006ftype":{"polluted":1}}}',
  "a number that is infinite": "1e999",
  "a number that is infinite, in an object": '{"a":-1E+400}',
  "a number of 400 digits": "9".repeat(400),
  "half of a surrogate pair": '"\\ud800"',
  "the other half": '"\\udc00x"',
  "half of a surrogate pair as a key": '{"\\ud800":1}',
  "10,000 levels": "[".repeat(10_000),
  "10,000 levels, closed": "[".repeat(10_000) + "]".repeat(10_000),
  "10,000 objects": '{"a":'.repeat(10_000),
  "30,000 items": `[${"0,".repeat(30_000)}0]`,
};

test.each(Object.entries(refused))(
  "a message that is no JSON that all would read alike is told BAD_JSON, and its sender goes on: %s",
  async (_what, message) => {
    await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm });
    const received: unknown[] = [];
    app.wsRoute("/", async (ws) => {
      await ws.accept();
      for await (const value of ws.messages(undefined, { skipInvalid: true })) {
        received.push(value);
        await ws.sendJson("taken");
      }
    });
    const peer = await connect(app, "/");

    peer.sendText(message);
    peer.sendText("1");

    expect(await peer.nextJson()).toMatchObject({ type: "error", code: "BAD_JSON" });
    expect(await peer.nextJson()).toBe("taken");
    expect(received).toEqual([1]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  },
);

const taken: Readonly<Record<string, [string, unknown]>> = {
  "a key constructor with a plain value": ['{"constructor":"x"}', { constructor: "x" }],
  "a text that names __proto__": ['"__proto__"', "__proto__"],
  "a text full of braces": [`"${"[{".repeat(5_000)}"`, "[{".repeat(5_000)],
  "the same key twice: the last": ['{"a":1,"a":2}', { a: 2 }],
  "a whole surrogate pair": ['"\\ud83d\\ude00"', "\u{1f600}"],
  "the largest number": ["1.7976931348623157e308", Number.MAX_VALUE],
  "a number too small to tell": ["1e-999", 0],
  "line separators": ['"\u2028"', "\u2028"],
};

test.each(Object.entries(taken))("an unusual message that all read alike is taken: %s", async (_what, [message, value]) => {
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm });
  app.wsRoute("/", async (ws) => {
    await ws.accept();
    await ws.sendJson(await ws.receiveJson());
  });
  const peer = await connect(app, "/");

  peer.sendText(message);

  expect(await peer.nextJson()).toEqual(value);
});

const escapes = "\r\nevil: 1\r\n\r\n\u001b]0;owned\u0007\u001b[2J\u0000\u0085\u2028";

test("line breaks and escapes in all that a peer may send print nothing, and leave each report on a line of its own", async () => {
  using reports = collectReports();
  using stdout = vi.spyOn(process.stdout, "write");
  using stderr = vi.spyOn(process.stderr, "write");
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, limits: { connectionsPerUser: 1 }, trustedProxies: ["127.0.0.1"] });
  app.wsRoute("/{name}", async (ws) => {
    await ws.accept();
    await ws.receiveJson(z.record(z.string(), z.number()));
  });
  app.wsRoute("/throws/{name}", async (ws) => {
    throw new Error(ws.params.name);
  });
  const { url } = await app.listen({ port: 0 });
  const path = encodeURIComponent(escapes);

  const peer = await connect(url, `/${path}`, { headers: { "x-forwarded-for": "evil\t\u0085" } });
  peer.sendJson({ [escapes]: escapes });
  const told = await peer.nextJson<{ message: string }>();
  const ending = await peer.closed;
  await expect(connect(url, `/throws/${path}`)).rejects.toMatchObject({ status: 500 });
  await expect(connect(url, `/nowhere/${path}/x`)).rejects.toMatchObject({ status: 404 });

  expect(told).toMatchObject({ code: "INVALID_MESSAGE", path: escapes });
  expect(ending).toEqual({ code: 4400, reason: "INVALID_MESSAGE" });
  expect([stdout.mock.calls, stderr.mock.calls]).toEqual([[], []]);
  expect(reports.troubles).toHaveLength(2);
  for (const report of reports.troubles) expect(JSON.stringify(report)).not.toMatch(/\p{Cc}/u);
  expect(reports.of("error")).toMatchObject([{ where: expect.stringMatching(/^[A-Z]+ \/throws\/:name$/) }]);
});
