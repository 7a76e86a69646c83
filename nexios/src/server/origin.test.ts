import { expect, test } from "vitest";
import { toOriginRule } from "./origin.ts";

const rule = toOriginRule(["https://app.example", "http://localhost:5173", "https://bücher.example", "https://[2001:db8::1]:8443"]);

test.each<[string, string | undefined, boolean, string]>([
  ["https://app.example", "api.example", true, "on the list"],
  ["https://app.example:443", "api.example", false, "on the list, its own port named"],
  ["HTTPS://App.Example", "api.example", false, "on the list, in another case"],
  ["http://app.example", "api.example", false, "another scheme"],
  ["https://app.example:8443", "api.example", false, "another port"],
  ["https://app.example.", "api.example", false, "a trailing dot is another host"],
  ["https://app.example.evil.example", "api.example", false, "a suffix"],
  ["https://evil-app.example", "api.example", false, "a prefix"],
  ["https://sub.app.example", "api.example", false, "a subdomain"],
  ["https://example", "api.example", false, "a parent"],
  ["https://app.example@evil.example", "api.example", false, "a user that looks like a host"],
  ["https://user:pass@app.example", "api.example", false, "a user"],
  ["https://app.example/", "api.example", false, "a path of one slash"],
  ["https://app.example/path", "api.example", false, "a path"],
  ["https://app.example/.", "api.example", false, "a path of one dot"],
  ["https://app.example/x/..", "api.example", false, "a path that leads back"],
  ["https:app.example", "api.example", false, "no slashes"],
  ["https:/app.example", "api.example", false, "one slash"],
  ["https:\\\\app.example", "api.example", false, "backslashes"],
  ["https://app.example\\", "api.example", false, "a backslash at the end"],
  ["https://@app.example", "api.example", false, "an empty user"],
  ["https://:@app.example", "api.example", false, "an empty user and password"],
  ["https://app.example:", "api.example", false, "an empty port"],
  [" https://app.example", "api.example", false, "a space before it"],
  ["https://app.example\t", "api.example", false, "a tab behind it"],
  ["https://app\n.example", "api.example", false, "a line break in it"],
  ["https://app%2eexample", "api.example", false, "an escaped dot"],
  ["https://app。example", "api.example", false, "another script's dot"],
  ["https://own.example/.", "own.example", false, "the same host with a path of one dot"],
  ["https:own.example", "own.example", false, "the same host without slashes"],
  ["https://OWN.example", "own.example", false, "the same host, written in another case by the page"],
  ["https://app.example?x", "api.example", false, "a query"],
  ["https://app.example#x", "api.example", false, "a fragment"],
  ["https://app.example, https://evil.example", "api.example", false, "two origins"],
  ["null", "api.example", false, "a sandboxed page"],
  ["null", "null", false, "a sandboxed page at a host of that name"],
  ["", "api.example", false, "empty"],
  ["app.example", "app.example", false, "no scheme"],
  ["file://", "api.example", false, "a file"],
  ["chrome-extension://abcdef", "abcdef", false, "an extension"],
  ["javascript://app.example", "app.example", false, "a script"],
  ["https://xn--bcher-kva.example", "api.example", true, "on the list as an IDN"],
  ["https://bucher.example", "api.example", false, "a look-alike of an IDN"],
  ["http://localhost:5173", "localhost:3000", true, "on the list with a port"],
  ["http://localhost:5174", "localhost:3000", false, "another port of the same host"],
  ["https://[2001:db8::1]:8443", "api.example", true, "on the list by an IPv6 address"],
  ["https://own.example", "own.example", true, "the same host"],
  ["https://own.example", "OWN.example", true, "the same host in another case"],
  ["https://own.example", "own.example:443", true, "the same host, its own port named"],
  ["http://own.example:3000", "own.example:3000", true, "the same host and port"],
  ["http://own.example", "own.example:3000", false, "the same host, another port"],
  ["https://own.example.", "own.example", false, "a trailing dot is not the same host"],
  ["https://other.example", "own.example", false, "another host"],
  ["https://evil.example", "own.example@evil.example", false, "a user in the host"],
  ["https://own.example", undefined, false, "no host to compare with"],
  ["https://own.example", "", false, "an empty host"],
])("%s at the host %s is allowed: %s (%s)", (origin, host, allowed) => {
  expect(rule.allows(origin, host)).toBe(allowed);
});

test.each(["app.example", "*", "https://app.example/", "https://app.example/path", "https://user@app.example", "null", "", "ws://app.example", "https://"])(
  "%j is refused as an entry of the list",
  (origin) => {
    expect(() => toOriginRule([origin])).toThrow(TypeError);
  },
);
