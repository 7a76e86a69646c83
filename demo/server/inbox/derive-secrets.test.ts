import { createWebPush } from "nexios/notifications/push";
import { expect, test } from "vitest";
import { deriveSecret, deriveVapidKeys } from "./derive-secrets.ts";

const secret = "a secret of the test, long enough to be one";

test("processes with one secret have one pair for Web Push, which is one, and another secret has another", () => {
  const keys = deriveVapidKeys(secret);

  expect(deriveVapidKeys(secret)).toEqual(keys);
  expect(deriveVapidKeys(`${secret}!`).publicKey).not.toBe(keys.publicKey);
  expect(createWebPush({ subject: "mailto:a@b.example", keys }).publicKey).toBe(keys.publicKey);
});

test("each purpose has a secret of its own", () => {
  expect(deriveSecret(secret, "one")).not.toBe(deriveSecret(secret, "other"));
  expect(deriveSecret(secret, "one").length).toBeGreaterThanOrEqual(32);
});
