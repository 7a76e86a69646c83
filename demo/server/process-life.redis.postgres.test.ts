import { sale } from "nexios/auction";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { house, houseName } from "../rooms/house.ts";
import { type Saleroom, Salerooms } from "./salerooms.fixture.ts";

// How processes of the Saleroom start, die and come back, several of them over a real Redis and a real PostgreSQL.

let salerooms: Salerooms;

beforeAll(async () => {
  salerooms = await Salerooms.open();
}, 120_000);

afterAll(() => salerooms?.close(), 60_000);

afterEach(async () => {
  await salerooms.leave();
  await salerooms.end("SIGKILL");
}, 60_000);

const longMs = 60_000;

/** Waits until it is so, however slow the machine is. */
function until(isSo: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(isSo, { timeout: longMs, interval: 50 });
}

test("a device whose process is killed goes on at the other, and the house is the same", { timeout: 4 * longMs }, async () => {
  const [a, b] = await Promise.all([salerooms.start(), salerooms.start()]);
  const ann = await salerooms.comeIn(a, "Ann");
  const away = salerooms.device(ann, b, a).join(house, { house: houseName });
  const here = salerooms.device(ann, a).join(house, { house: houseName });
  await until(() => expect([away, here].every(({ state }) => state !== undefined)).toBe(true));

  await b.program.stop("SIGKILL");
  await here.call("say", { text: "somebody has fallen" });

  await until(() => expect(away.state?.lines.at(-1)?.text).toBe("somebody has fallen"));
  expect(away.state).toEqual(here.state);
});

test(
  "one that is stopped is first not ready, so that a proxy sends nobody there any more, while whoever comes all the same is served",
  { timeout: 4 * longMs },
  async () => {
    const stopping = await salerooms.start();

    const ended = salerooms.end();
    await until(async () => expect((await fetch(`${stopping.url}/health/ready`)).status).toBe(503));
    const late = await salerooms.comeIn(stopping, "Ann");

    expect(late.token).not.toBe("");
    expect(await ended).toEqual([0]);
  },
);

test("one that dies while Redis is away is started again when that is back, at the same address", { timeout: 6 * longMs }, async () => {
  const watched = await salerooms.start({ NODE_ENV: "" });
  const { token } = await salerooms.comeIn(watched, "Ann");
  const processOf = async (): Promise<number> => {
    const response = await fetch(`${watched.url}/api/trouble`, { headers: { authorization: `Bearer ${token}` } });
    return ((await response.json()) as { readonly process: number }).process;
  };
  const before = await processOf();

  salerooms.redis.signal("SIGSTOP");
  try {
    process.kill(before, "SIGKILL");
    await watched.program.line(/^The server could not start again/);
  } finally {
    salerooms.redis.signal("SIGCONT");
  }
  await watched.program.line(/^The Saleroom is open again: /);

  expect(await processOf()).not.toBe(before);
  expect(await watched.program.stop()).toBe(0);
});

test("without the secret that all are given none starts, and says what to set", async () => {
  const program = salerooms.run({ NEXIOS_SECRET: "", NODE_ENV: "" });

  expect(await program.ended).toBe(1);
  expect(program.lines.join("\n")).toContain("SECRET_MISSING: REDIS_URL says that there may be several processes: set NEXIOS_SECRET");
});

test("two that start at once on empty stores make their tables once, and the house lists its lots once", { timeout: 10 * longMs }, async () => {
  const codes: (readonly (number | null)[])[] = [];
  let started: readonly Saleroom[] = [];
  for (let round = 0; round < 5; round++) {
    if (round > 0) codes.push(await salerooms.end());
    await salerooms.begin();
    started = await Promise.all([salerooms.start(), salerooms.start()]);
  }
  const ann = await salerooms.comeIn(started[0]!, "Ann");
  const lists = started.map((process) => salerooms.device(ann, process).join(sale, { saleId: "main" }));

  await until(() => expect(lists.map(({ state }) => state?.length)).toEqual([6, 6]));

  expect(codes).toEqual(Array.from({ length: 4 }, () => [0, 0]));
  expect(lists[0]!.state?.map(({ lotId }) => lotId).toSorted()).toEqual([1, 2, 3, 4, 5, 6].map((number) => `house-${number}`));
});
