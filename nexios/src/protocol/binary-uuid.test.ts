import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isUuid, readUuid, writeUuid } from "./binary-uuid.ts";

test("a UUID is 16 bytes, and comes back letter by letter", () => {
  fc.assert(
    fc.property(fc.uuid(), fc.nat({ max: 3 }), (uuid, start) => {
      const bytes = new Uint8Array(start + 17);

      writeUuid(uuid, bytes, start);

      expect(isUuid(uuid)).toBe(true);
      expect(Buffer.from(bytes).toString("hex")).toBe(`${"00".repeat(start)}${uuid.replaceAll("-", "")}00`);
      expect(readUuid(bytes.subarray(start, -1))).toBe(uuid);
    }),
  );
});

test.each([
  "",
  "0190a1b2-c3d4-7000-8000-00000000000",
  "0190a1b2-c3d4-7000-8000-0000000000000",
  "0190A1B2-c3d4-7000-8000-000000000000",
  "0190a1b2c3d4-7000-8000-0000000000000",
  "0190a1b2-c3d4-7000-8000-00000000000g",
  "0190a1b2-c3d4-7000-8000-000000000000\n",
])("%j is none that its bytes would tell all of", (text) => {
  expect(isUuid(text)).toBe(false);
});
