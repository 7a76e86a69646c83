import { expect, test } from "vitest";
import { standingOf } from "./standing-sign.tsx";

const leading = { paddle: 2, maximum: 100, standing: "leading" } as const;

test("who has lost the lead is outbid at once, before the house has answered how he stands", () => {
  expect(standingOf(leading, { leader: 3 })).toBe("outbid");
});

test("who has got the lead leads at once", () => {
  expect(standingOf({ ...leading, standing: "outbid" }, { leader: 2 })).toBe("leading");
});

test("a sealed bid has no paddle, and only the house says how it stands", () => {
  expect(standingOf({ paddle: 0, maximum: 100, standing: "sealed" }, { leader: 0 })).toBe("sealed");
});

test("after the end only the house says who has won", () => {
  expect(standingOf(leading, { leader: 3, closed: { ending: "time", seal: "", at: 0 } })).toBe("leading");
});
