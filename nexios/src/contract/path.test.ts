import * as fc from "fast-check";
import { expect, test } from "vitest";
import { hasReservedNames, overlaps, parseRoomName, readPath, type RoomPath, toRoomName } from "./path.ts";

const room = readPath("sale/{saleId}/lot/{lotId}");
const segment = fc.string({ unit: fc.constantFrom(..."ABCXYZabcxyz0189_.:-".split("")), minLength: 1, maxLength: 128 });

test("a name that was made of parameters gives them back", () => {
  fc.assert(
    fc.property(segment, segment, (saleId, lotId) => {
      const name = toRoomName(room, { saleId, lotId });

      expect(parseRoomName(room, name)).toEqual({ saleId, lotId });
    }),
  );
});

test("a name that is read is the one that its parameters make", () => {
  const near = fc.array(fc.oneof(segment, fc.constantFrom("sale", "lot", "", "é", "*", "{x}", "a b")), { maxLength: 6 });
  const nearer = fc.tuple(fc.constantFrom("sale", "Sale"), fc.oneof(segment, fc.string()), fc.constant("lot"), fc.oneof(segment, fc.string()));
  fc.assert(
    fc.property(fc.oneof(near, nearer), (parts) => {
      const name = parts.join("/");
      const params = parseRoomName(room, name);

      expect(params === undefined ? name : toRoomName(room, params as { saleId: string; lotId: string })).toBe(name);
    }),
  );
});

test.each([
  "sale/1/lot",
  "sale/1/lot/2/3",
  "sale/1/lots/2",
  "SALE/1/lot/2",
  "sale//lot/2",
  "/sale/1/lot/2",
  "sale/1/lot/2/",
  "sale/a b/lot/2",
  "sale/é/lot/2",
  "",
  "sale/1\n/lot/2",
])("the name %j is of no room", (name) => {
  expect(parseRoomName(room, name)).toBe(undefined);
});

test("a segment holds 128 characters and no more", () => {
  const one = readPath("{id}");

  expect(parseRoomName(one, "x".repeat(128))).toEqual({ id: "x".repeat(128) });
  expect(parseRoomName(one, "x".repeat(129))).toBe(undefined);
  expect(() => toRoomName(one, { id: "x".repeat(129) } as never)).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
});

test("a parameter that is missing, unknown or of other characters is refused by its name", () => {
  const one = { ...readPath("auction/{lotId}"), path: "auction/{lotId}" } as const;

  expect(() => toRoomName(one, {} as never)).toThrow('"lotId"');
  expect(() => toRoomName(one, { lotId: "a/b" })).toThrow('"lotId"');
  expect(() => toRoomName(one, { lotId: "" })).toThrow('"lotId"');
  expect(() => toRoomName(one, { lotId: 42 } as never)).toThrow('"lotId"');
  expect(() => toRoomName(one, { lotId: "42", saleId: "1" } as never)).toThrow('"saleId"');
});

test("a parameter named like what every object has is only a parameter", () => {
  const odd = readPath("x/{constructor}/{toString}");

  expect(parseRoomName(odd, "x/1/2")).toEqual({ constructor: "1", toString: "2" });
  expect(() => toRoomName(odd, {})).toThrow('"constructor"');
});

test.each(["", "/x", "x/", "x//y", "a b", "x/{}", "x/{1}", "x/{a}b", "x/{a}/{a}", "{__proto__}", "x/{a", "*", "é", `x/${"y".repeat(129)}`])(
  "the path %j is refused",
  (path) => {
    expect(() => readPath(path)).toThrow(TypeError);
  },
);

const shape = fc.array(fc.constantFrom("nexios", "lot", "1", "{}"), { minLength: 1, maxLength: 3 }).map(toPath);
/** Every name of up to three segments that a path of the same few texts, or a parameter, can make. */
const names = ["nexios", "lot", "1", "x"].flatMap((first) => [
  first,
  ...["nexios", "lot", "1", "x"].flatMap((second) => [second, ...thirds(second)].map((rest) => `${first}/${rest}`)),
]);

test("two paths overlap exactly when there is a name that both read", () => {
  fc.assert(
    fc.property(shape, shape, (a, b) => {
      const isShared = names.some((name) => parseRoomName(a, name) !== undefined && parseRoomName(b, name) !== undefined);

      expect([overlaps(a, b), overlaps(b, a)]).toEqual([isShared, isShared]);
    }),
  );
});

test("a path has reserved names exactly when it reads one whose first segment is the framework's", () => {
  fc.assert(
    fc.property(shape, (path) => {
      const isReserved = names.some((name) => name.split("/")[0] === "nexios" && parseRoomName(path, name) !== undefined);

      expect(hasReservedNames(path)).toBe(isReserved);
    }),
  );
});

test("a parameter in the first place is never the framework's segment; in another place, or in part, it may be", () => {
  const any = { ...readPath("{kind}/{id}"), path: "{kind}/{id}" } as const;

  expect(parseRoomName(any, "nexios/rights")).toBe(undefined);
  expect(() => toRoomName(any, { kind: "nexios", id: "rights" })).toThrow('"kind"');
  expect(parseRoomName(any, toRoomName(any, { kind: "nexios.v2", id: "nexios" }))).toEqual({ kind: "nexios.v2", id: "nexios" });
});

function toPath(parts: readonly string[]): RoomPath {
  return readPath(parts.map((part, at) => (part === "{}" ? `{p${at}}` : part)).join("/"));
}

function thirds(second: string): readonly string[] {
  return ["nexios", "lot", "1", "x"].map((third) => `${second}/${third}`);
}
