import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Cluster, openCluster, type Process } from "./cluster.ts";
import { seenBy, show, untilAllSee, watchFor } from "./people.ts";

/** `CLUSTER_KILLS=50` for a longer run, which also says how long it took until the killed were gone. */
const kills = Number(process.env["CLUSTER_KILLS"] ?? 3);
/** As promised; and as a crowded machine may need. */
const goneWithinMs = process.env["CLUSTER_KILLS"] === undefined ? 15_000 : 6_000;

let cluster: Cluster;
let processes: readonly Process[];

beforeAll(async () => {
  cluster = await openCluster();
  processes = await Promise.all([cluster.start(), cluster.start()]);
}, 90_000);

afterEach(() => cluster.leave());

afterAll(() => cluster.close());

test(
  "who is here is the same on all processes; who was on one that is killed is soon gone on the others, each time, and nobody else",
  async () => {
    const id = randomUUID();
    const stayers = ["s0", "s1", "s2", "s3", "s4", "s5"];
    const rooms = stayers.flatMap((user, at) => show(cluster, [processes[at % 2]!], user, id));
    await untilAllSee(rooms, stayers);
    const missed = watchFor(stayers, rooms);
    const tookMs: number[] = [];

    for (let round = 0; round < kills; round++) {
      const victim = await cluster.start();
      const theirs = ["v0", "v1", "v2"].flatMap((user) => show(cluster, [victim], user, id));
      await untilAllSee([...rooms, ...theirs], [...stayers, "v0", "v1", "v2"]);

      await victim.program.stop("SIGKILL");
      const killedAt = performance.now();
      await vi.waitFor(() => expect(new Set(rooms.flatMap(seenBy))).toEqual(new Set(stayers)), { timeout: goneWithinMs, interval: 20 });
      tookMs.push(Math.round(performance.now() - killedAt));
      expect([...missed]).toEqual([]);
    }

    if (process.env["CLUSTER_KILLS"] !== undefined) process.stdout.write(`gone after ${tookMs.toSorted((a, b) => a - b).join(", ")} ms\n`);
  },
  60_000 + kills * 15_000,
);
