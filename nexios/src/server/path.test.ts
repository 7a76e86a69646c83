import * as fc from "fast-check";
import { expect, test } from "vitest";
import { NexiosApp } from "../app/app.ts";
import { type Params, toHonoPath } from "./path.ts";

const secret = "a secret of at least thirty-two bytes";

test.each([
  ["", ""],
  ["/", "/"],
  ["/health", "/health"],
  ["/collab/{documentId}", "/collab/:documentId"],
  ["/{a}/{b}", "/:a/:b"],
  ["/v1.0/~me/user@home/a-b_c", "/v1.0/~me/user@home/a-b_c"],
])("%j becomes %j", (path, honoPath) => {
  expect(toHonoPath(path)).toBe(honoPath);
});

test.each([
  "health",
  "/a/",
  "//a",
  "/a//b",
  "/{a}x",
  "/x{a}",
  "/{a}{b}",
  "/{}",
  "/{1a}",
  "/{a-b}",
  "/{a}/{a}",
  "/{a",
  "/a}",
  "/:a",
  "/:a{[0-9]+}",
  "/{a:[0-9]+}",
  "/{a?}",
  "/*",
  "/a/*",
  "/a*",
  "/a b",
  "/a?b",
  "/a#b",
  "/a%20b",
  "/ä",
  "/a(b|c)",
  "/a+",
  "/a\n",
  "/{a}\n",
  "/@0",
  "/@0/{id}",
  "/x@1y/{id}/{b}",
  "/user@2",
  "/{__proto__}",
  "/x/{__proto__}/y",
])("%j is refused", (path) => {
  expect(() => toHonoPath(path)).toThrow(TypeError);
});

test("a route matches what it says, with its parameters, and nothing else", async () => {
  const word = fc.stringMatching(/^[A-Za-z0-9_.~@-]{1,8}$/).filter((text) => text !== "." && text !== ".." && !/@\d/.test(text));
  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,6}$/).filter((text) => text !== "__proto__");
  const part = fc.oneof(
    word.map((text) => ({ text, isParam: false })),
    name.map((text) => ({ text, isParam: true })),
  );
  const parts = fc.uniqueArray(part, { minLength: 1, maxLength: 6, selector: ({ text }) => text });
  const values = fc.array(
    fc.string({ unit: "grapheme", minLength: 1 }).filter((value) => value !== "." && value !== ".."),
    { minLength: 6, maxLength: 6 },
  );

  await fc.assert(
    fc.asyncProperty(parts, values, async (given, filled) => {
      const app = new NexiosApp({ auth: { jwt: { secret } } });
      const path = given.map(({ text, isParam }) => (isParam ? `/{${text}}` : `/${text}`)).join("");
      app.get(path, (c) => c.json(Object.entries(c.req.param())));
      const url = given.map(({ text, isParam }, index) => `/${isParam ? encodeURIComponent(filled[index]!) : text}`).join("");
      const other = given.findIndex(({ isParam }) => !isParam);

      const found = await app.request(url);
      const longer = await app.request(`${url}/x`);
      const shorter = await app.request(url.slice(0, url.lastIndexOf("/")) || "/");
      const changed =
        other < 0
          ? undefined
          : await app.request(
              url
                .split("/")
                .with(other + 1, `${given[other]!.text}x`)
                .join("/"),
            );

      const params = given.map(({ text, isParam }, index) => (isParam ? [[text, filled[index]!]] : []));
      expect(new Map((await found.json()) as [string, string][])).toEqual(new Map(params.flat() as [string, string][]));
      expect([longer.status, shorter.status, changed?.status ?? 404]).toEqual([404, 404, 404]);
    }),
    { numRuns: 150 },
  );
});

test("the types name the parameters of a path", () => {
  const params: Params<"/collab/{documentId}/{page}"> = { documentId: "1", page: "2" };
  const none: Params<"/health"> = {};

  // @ts-expect-error there is no such parameter
  const missing: unknown = params.other;

  expect([params.documentId, params.page, missing, none]).toEqual(["1", "2", undefined, {}]);
});
