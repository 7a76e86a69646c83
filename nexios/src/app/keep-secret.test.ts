import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepSecret } from "./keep-secret.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-kept-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("what is kept is made once, under its own name, for its owner alone, and nothing else is left in the folder", () => {
  const made: string[] = [];
  const make = (): string => `number ${made.push("one")}`;

  const kept = [keepSecret(join(folder, "data"), "pair.json", make), keepSecret(join(folder, "data"), "pair.json", make)];

  expect(kept).toEqual(["number 1", "number 1"]);
  expect(readdirSync(join(folder, "data"))).toEqual(["pair.json"]);
  expect(statSync(join(folder, "data", "pair.json")).mode & 0o777).toBe(0o600);
});

test("unless it is said how, it is 32 random bytes, others for each name", () => {
  const secrets = ["a", "b"].map((name) => keepSecret(folder, name));

  expect(secrets.map((secret) => Buffer.from(secret, "base64url").length)).toEqual([32, 32]);
  expect(secrets[0]).not.toBe(secrets[1]);
});

test("of one that another makes meanwhile both have the other's", () => {
  const own = keepSecret(folder, "a", () => {
    keepSecret(folder, "a", () => "other");
    return "own";
  });

  expect([own, keepSecret(folder, "a"), readdirSync(folder)]).toEqual(["other", "other", ["a"]]);
});
