import { expect, test } from "vitest";
import { type Identity, hues, nameLimit, parseIdentity, suggestName, toInitials, toName } from "./identity.ts";

test("a suggested name begins with its colour", () => {
  expect(suggestName(1, 0)).toBe("Amber Heron");
  expect(suggestName(4, 0.999)).toBe("Teal Stoat");
});

test("every suggestion has two words, whatever chance says", () => {
  for (const hue of hues) for (const random of [0, 0.5, 0.99]) expect(suggestName(hue, random).split(" ")).toHaveLength(2);
});

test("a name of space and invisible characters is no name", () => {
  expect(toName(" \u200b\u202e\t ")).toBeUndefined();
  expect(toName("  Ann\u202e  Lee ")).toBe("Ann Lee");
});

test("a long name is cut between characters, never through one", () => {
  expect(Array.from(toName("🦉".repeat(nameLimit + 5)) ?? "")).toHaveLength(nameLimit);
});

test("initials are the first letters of the first two words", () => {
  expect(toInitials("amber heron the third")).toBe("AH");
  expect(toInitials("Ann")).toBe("A");
});

test("initials are letters, and what stands in brackets has none", () => {
  expect(toInitials("Edith (robot)")).toBe("E");
  expect(toInitials("“Ann” – O'Hara")).toBe("AO");
  expect(toInitials("(robot)")).toBe("(");
  expect(toInitials("🦊 Fox")).toBe("F");
  expect(toInitials("🦊")).toBe("🦊");
});

test("an identity survives being stored in the tab", () => {
  const ann: Identity = { userId: "1", name: "Ann", hue: 3, token: "t", expiresAt: 5 };

  expect(parseIdentity(JSON.stringify(ann))).toEqual(ann);
});

test("what is not an identity is none", () => {
  for (const text of [null, "", "null", "[]", "7", "{}", '{"userId":"1","name":"A","hue":9,"token":"t","expiresAt":1}'])
    expect(parseIdentity(text)).toBeUndefined();
});
