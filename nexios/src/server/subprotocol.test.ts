import { expect, test } from "vitest";
import { parseSubprotocols, selectSubprotocol } from "./subprotocol.ts";

test.each<[string | undefined, readonly string[], string | undefined]>([
  [undefined, [], undefined],
  ["", [], undefined],
  ["chat", ["chat"], undefined],
  ["nexios.auth, T", [], "T"],
  ["nexios.auth,T", [], "T"],
  ["chat, nexios.auth, T", ["chat"], "T"],
  ["nexios.auth, T, chat, other", ["chat", "other"], "T"],
  ["nexios.auth", [], undefined],
  ["chat, nexios.auth", ["chat"], undefined],
  ["nexios.auth, , chat", ["chat"], undefined],
  ["nexios.auth, T, nexios.auth, T2", [], "T"],
  ["nexios.auth, T, chat, nexios.auth, T2", ["chat"], "T"],
  ["nexios.auth, nexios.auth, T", [], "nexios.auth"],
  ["Nexios.Auth, T", ["Nexios.Auth", "T"], undefined],
])("%j offers %j and the token %j", (header, names, token) => {
  expect(parseSubprotocols(header)).toEqual({ names, token });
});

test.each<[string | undefined, readonly string[], string | undefined]>([
  ["a, b", ["b", "a"], "b"],
  ["a, b", ["c"], undefined],
  ["a, b", [], undefined],
  ["nexios.auth, T", [], "nexios.auth"],
  ["nexios.auth, T", ["a"], "nexios.auth"],
  ["a, nexios.auth, T", ["a"], "a"],
  ["nexios.auth", ["a"], undefined],
  [undefined, ["a"], undefined],
])("%j where we speak %j is answered with %j", (header, ours, answer) => {
  expect(selectSubprotocol(parseSubprotocols(header), ours)).toBe(answer);
});

test("the token itself is never the answer, even when we speak a subprotocol of its name", () => {
  expect(selectSubprotocol(parseSubprotocols("nexios.auth, secret"), ["secret"])).toBe("nexios.auth");
});
