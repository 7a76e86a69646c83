// Members of one room, each with a client as it is shipped. Reads orders from standard input and answers each with a line of JSON.
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";

import { createClient } from "nexios/client";

import { ledger } from "../servers/tally-contracts.ts";

const { values } = parseArgs({
  options: { port: { type: "string" }, members: { type: "string" }, skip: { type: "string" }, tokens: { type: "string", default: "" } },
});
const skip = Number(values.skip);
const tokens = (await readFile(values.tokens, "utf8")).split("\n").slice(skip, skip + Number(values.members));
const lookEveryMs = 100;

/** One member, and what it has seen since the bench began to look. */
class Member {
  readonly #room;
  #count = 0;
  /** Entries that did not follow from the one before. */
  faults = 0;
  snapshots = 0;
  wasLost = false;
  /** By the wall clock, which the bench's processes share. */
  joinedAt: number | undefined;
  backAt: number | undefined;

  constructor(token: string) {
    const client = createClient({ url: `ws://127.0.0.1:${values.port}/realtime`, token: () => token });
    this.#room = client.join(ledger, { id: "resume" });
    this.#room.onChange(() => this.#look());
    this.#room.onEntry(({ count }) => {
      if (count !== this.#count + 1) this.faults++;
      this.#count = count;
    });
  }

  get isLive(): boolean {
    return this.#room.status.kind === "live";
  }

  /** True when its state has everything that was said, and it has seen each entry. */
  has(total: number): boolean {
    return this.#room.state?.count === total && this.#count === total;
  }

  watch(): void {
    this.#count = this.#room.state?.count ?? 0;
    this.faults = this.snapshots = 0;
    this.wasLost = false;
    this.joinedAt = this.backAt = undefined;
  }

  #look(): void {
    const { kind } = this.#room.status;
    const isIn = kind === "catching-up" || kind === "live";
    if (!isIn) this.wasLost = true;
    if (!this.wasLost || !isIn) return;
    this.joinedAt ??= Date.now();
    if (kind !== "live" || this.backAt !== undefined) return;
    this.backAt = Date.now();
    if (this.#room.lastResume?.why !== undefined) this.snapshots++;
  }
}

const members = tokens.map((token) => new Member(token));

const orders: Readonly<Record<string, (argument: number) => unknown>> = {
  in: () => ({ in: members.filter(({ isLive }) => isLive).length }),
  watch: () => {
    for (const member of members) member.watch();
    return { watched: members.length };
  },
  back: () => ({ in: members.filter(({ backAt }) => backAt !== undefined).length }),
  // Whoever is not back by then is missing.
  end: async (total) => {
    for (let left = 100; left > 0 && !members.every((member) => member.has(total)); left--) await setTimeout(lookEveryMs);
    return {
      joinedAt: members.flatMap(({ joinedAt }) => joinedAt ?? []),
      backAt: members.flatMap(({ backAt }) => backAt ?? []),
      incomplete: members.filter((member) => !member.has(total)).length,
      faults: members.reduce((sum, { faults }) => sum + faults, 0),
      snapshots: members.reduce((sum, { snapshots }) => sum + snapshots, 0),
    };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [name = "", argument] = line.split(" ");
  console.log(JSON.stringify(await orders[name]?.(Number(argument))));
}
process.exit();
