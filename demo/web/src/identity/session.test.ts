import { afterEach, expect, test, vi } from "vitest";
import { aheadMs, parseSession, requestSession } from "./session.ts";

const answer = { token: "t", user: { id: "u", name: "Ann" }, expiresAt: 9 };
const session = { kind: "session", userId: "u", token: "t", expiresAt: 9 };

afterEach(() => vi.unstubAllGlobals());

function stubFetch(...responses: (Response | Error)[]) {
  const authorizations: (string | null)[] = [];
  vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
    authorizations.push(new Headers(init.headers).get("authorization"));
    const response = responses.shift();
    if (response instanceof Error || response === undefined) throw response ?? new Error("unexpected request");
    return response;
  });
  return authorizations;
}

test("an old token goes with the request for a new one", async () => {
  const authorizations = stubFetch(Response.json(answer));

  expect(await requestSession("Ann", "old")).toEqual(session);
  expect(authorizations).toEqual(["Bearer old"]);
});

test("a person whose old token is worth nothing comes in as a new user", async () => {
  const authorizations = stubFetch(new Response(null, { status: 401 }), Response.json(answer));

  expect(await requestSession("Ann", "old")).toEqual(session);
  expect(authorizations).toEqual(["Bearer old", null]);
});

test("a name that the server does not take is refused with its status", async () => {
  stubFetch(new Response(null, { status: 422 }));

  expect(await requestSession("Ann", undefined)).toEqual({ kind: "refused", status: 422 });
});

test("a network, a server or a limit that fails for now may be tried again", async () => {
  stubFetch(new TypeError("failed"), new Response(null, { status: 503 }), new Response(null, { status: 429 }));

  for (let attempt = 0; attempt < 3; attempt++) expect(await requestSession("Ann", undefined)).toEqual({ kind: "unreachable" });
});

test("an answer of another form is not taken for a session", () => {
  for (const value of [null, 7, {}, { token: "t" }, { token: "t", user: null, expiresAt: 1 }]) expect(parseSession(value)).toEqual({ kind: "unreachable" });
});

test("the end of a token is told in the browser's time, whatever its clock says", async () => {
  const now = Date.parse("2026-01-01T12:00:00Z");

  expect(aheadMs("Thu, 01 Jan 2026 12:10:00 GMT", now)).toBe(600_000);
  expect(aheadMs("Thu, 01 Jan 2026 11:00:00 GMT", now)).toBe(-3_600_000);
  expect(parseSession({ ...answer, expiresAt: now }, 600_000)).toMatchObject({ expiresAt: now - 600_000 });
});

test("clocks that agree within the header's second, and a header that is missing, change nothing", () => {
  const now = Date.parse("2026-01-01T12:00:00.900Z");

  expect(aheadMs("Thu, 01 Jan 2026 12:00:00 GMT", now)).toBe(0);
  expect(aheadMs(null, now)).toBe(0);
  expect(aheadMs("soon", now)).toBe(0);
});
