import { expect, test } from "vitest";
import { hostRoom } from "../../src/contract/host-room.ts";
import { dutch, english, live, sealed } from "./paper-lot.fixture.ts";
import { serveAuction } from "./server.ts";
import { ebaySteps } from "./steps.ts";

const room = hostRoom(serveAuction({ isAuctioneer: () => true }));
const full = english({
  unit: 5,
  sale: { id: "s1", number: 3 },
  settleMs: 100,
  outageWindowMs: 1_000,
  equal: "refuse",
  retraction: { allUntilMs: 1, newestForMs: 1 },
  buyNow: 100_00,
  least: "any",
  extension: { windowMs: 1, byMs: 1, hardEnd: 3_000_000, most: 2, scope: "sale" },
});

async function fits(call: string, input: unknown): Promise<boolean> {
  return (await room.checkInput(call, input)).kind === "fits";
}

test("terms of each kind can be listed, with all that they may have and with what they must", async () => {
  for (const terms of [full, english(), live(), dutch(), sealed()]) {
    for (const secret of [{}, { reserve: 5 }, { reserve: 5, sellerId: "sal" }]) expect(await fits("list", { terms, secret })).toBe(true);
  }
});

test("a key that terms do not have is refused wherever it stands, since it would be shown to everybody", async () => {
  const inputs: unknown[] = [
    ...[full, live(), dutch(), sealed()].flatMap((terms) => [
      { terms: { ...terms, reserve: 50_00 }, secret: {} },
      { terms: { ...terms, sellerId: "sal" }, secret: {} },
      { terms: { ...terms, secret: { reserve: 50_00 } }, secret: {} },
    ]),
    { terms: { ...full, sale: { id: "s1", number: 3, reserve: 50_00 } }, secret: {} },
    { terms: { ...full, extension: { ...full.extension, reserve: 50_00 } }, secret: {} },
    { terms: { ...full, retraction: { ...full.retraction, reserve: 50_00 } }, secret: {} },
    { terms: { ...full, steps: [{ from: 0, step: 5, reserve: 50_00 }] }, secret: {} },
    { terms: { ...full, steps: [...ebaySteps, { from: 10_000_00, step: 5, reserve: 50_00 }] }, secret: {} },
    { terms: full, secret: {}, reserve: 50_00 },
    { terms: full, secret: { reserves: 50_00 } },
    { terms: JSON.parse(`{ "__proto__": { "reserve": 5000 }, ${JSON.stringify(full).slice(1)}`), secret: {} },
  ];
  for (const input of inputs) expect([await fits("list", input), input]).toEqual([false, input]);
});

test("terms of one kind do not have what is another's", async () => {
  const foreign = [
    { ...live(), closesAt: 5 },
    { ...live(), extension: full.extension },
    { ...dutch(), steps: ebaySteps },
    { ...sealed(), buyNow: 5 },
    { ...english(), pays: "first" },
    { ...english(), dropBy: 5 },
  ];
  for (const terms of foreign) expect(await fits("list", { terms, secret: {} })).toBe(false);
});

test("what terms must have is missed, and what has another type is refused, at every place", async () => {
  const optional = new Set(["unit", "sale", "settleMs", "outageWindowMs", "equal", "retraction", "buyNow", "least", "extension", "hardEnd", "most", "scope"]);
  for (const terms of [full, live(), dutch(), sealed()]) {
    for (const { broken, at } of misfits(terms, optional)) expect([await fits("list", { terms: broken, secret: {} }), at]).toEqual([false, at]);
  }
});

test("a kind is one of four, whatever else objects have", async () => {
  for (const kind of ["English", "", "constructor", "__proto__", "toString", undefined, null, 1, ["english"]]) {
    expect(await fits("list", { terms: { ...english(), kind }, secret: {} })).toBe(false);
  }
});

test("what is secret is a sum and a name", async () => {
  for (const secret of [undefined, null, [], "x", { reserve: "5000" }, { reserve: null }, { sellerId: 5 }, { sellerId: null }])
    expect(await fits("list", { terms: full, secret })).toBe(false);
});

test.each<[string, unknown[], unknown[]]>([
  [
    "bid",
    [
      { maximum: 5, currency: "EUR" },
      { maximum: "any", currency: 5 },
    ],
    [{}, { currency: "EUR" }, { maximum: 5, currency: "EUR", paddle: 1 }],
  ],
  [
    "buyNow",
    [{ price: 5, currency: "EUR" }],
    [
      { maximum: 5, currency: "EUR" },
      { price: 5, currency: "EUR", at: 1 },
    ],
  ],
  ["ask", [{ amount: 5 }], [{}, { amount: 5, currency: "EUR" }]],
  ["floor", [{ amount: 5 }], [{}, { amount: 5, userId: "ann" }]],
  ["going", [{ stage: "once" }, { stage: "twice" }], [{}, { stage: "asking" }, { stage: "ONCE" }, { stage: ["once"] }, { stage: "once", now: true }]],
  ["hammer", [{ bids: 5 }], [{}, { bids: "5" }, { bids: null }, { bids: 5, price: 5 }]],
  ["extend", [{ closesAt: 5 }], [{}, { closesAt: "5" }, { closesAt: 5, reason: "bid" }]],
  ["voidHolds", [{ userId: "ann", upTo: 5 }], [{}, { userId: "ann" }, { upTo: 5 }, { userId: 5, upTo: 5 }, { userId: "ann", upTo: "5" }]],
])("the call %s takes its own input and no other", async (call, good, bad) => {
  for (const input of good) expect([await fits(call, input), input]).toEqual([true, input]);
  for (const input of [...bad, undefined, null, 5, "text", true, [], [good[0]]]) expect([await fits(call, input), input]).toEqual([false, input]);
});

test.each(["retract", "pass", "pause", "resume", "own", "secret", "bidders"])("%s takes no input", async (name) => {
  expect([await fits(name, undefined), await fits(name, {}), await fits(name, { userId: "ann" })]).toEqual([true, false, false]);
});

test("presence says that somebody watches and nothing else", async () => {
  const told = [{}, { userId: "ann" }, { maximum: 5 }, [], null, "here"].map(async (presence) => (await room.checkPresence(presence)).kind);

  expect(await Promise.all(told)).toEqual(["fits", "misfits", "misfits", "misfits", "misfits", "misfits"]);
});

/** A value once without each of its members that it must have, and once with another type in each place. */
function* misfits(value: unknown, optional: ReadonlySet<string>, at = ""): Generator<{ readonly broken: unknown; readonly at: string }> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const put = (other: unknown): unknown => (Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other });
    const place = `${at}.${key}`;
    if (!Array.isArray(value) && !optional.has(key))
      yield { broken: Object.fromEntries(Object.entries(value).filter(([name]) => name !== key)), at: `without ${place}` };
    for (const other of [null, true, typeof item === "number" ? String(item) : 5, typeof item === "object" ? "text" : {}])
      yield { broken: put(other), at: `${place} as ${JSON.stringify(other)}` };
    for (const inner of misfits(item, optional, place)) yield { broken: put(inner.broken), at: inner.at };
  }
}
