import type { ClientRoom } from "nexios/client";
import type { Cluster } from "../../src/simulation/cluster.ts";
import type { SimulatedProcess } from "../../src/simulation/process.ts";
import type { Random } from "../../src/simulation/random.ts";
import { World } from "../../src/simulation/simulated-world.ts";
import type { DashboardRoom } from "./contract.ts";
import { DashboardJudge } from "./dashboard-judge.fixture.ts";
import { DrawnSamples } from "./drawn-samples.fixture.ts";
import type { Pace } from "./pace.ts";
import { WindowKeeper } from "./window-keeper.ts";

/** The device that measures: the room takes it for the server. */
export const samplerId = "sampler";
const name = "main";
const rounds = 150;
/** Whoever is further behind gets the window. */
const resumeEntries = 60;
/** So many of the newest a process may not have heard of when it lets somebody in. */
const unheardEntries = 5;

/** One pace of the dashboard, with all who look at it. */
interface Stand {
  readonly pace: Pace;
  readonly room: string;
  readonly params: { readonly name: string; readonly pace: string };
  readonly judge: DashboardJudge;
  readonly samples: DrawnSamples;
  readonly viewers: Map<string, ClientRoom<DashboardRoom>>;
  readonly sampler: ClientRoom<DashboardRoom>;
  steps: number;
  isUnderWay: boolean;
}

/** A viewer that was away: where it stood, and how much it had been given by then. */
interface Absence {
  readonly viewer: string;
  readonly stand: Stand;
  readonly given: number;
  readonly behind: number;
}

/** What the viewers of one dashboard do and suffer, and what the sampler measures for them meanwhile. */
export class DashboardRun {
  calls = 0;
  readonly faults: Record<string, number> = {};
  readonly #cluster: Cluster;
  readonly #contract: DashboardRoom;
  readonly #world: World;
  readonly #random: Random;
  readonly #stands: readonly Stand[];
  readonly #absences: Absence[] = [];
  #lateViewers = 0;
  #restsUntil = 0;
  #isOver = false;

  constructor(cluster: Cluster, contract: DashboardRoom, random: Random) {
    this.#cluster = cluster;
    this.#contract = contract;
    this.#world = new World(cluster, random, true);
    this.#random = random.fork("acts");
    const sampler = this.#world.client(samplerId);
    this.#stands = [1, 5].map((seconds): Stand => {
      const params = { name, pace: String(seconds) };
      const room = `dashboard/${name}/${seconds}`;
      return {
        pace: { seconds, steps: 0 },
        room,
        params,
        judge: new DashboardJudge(cluster, contract, room),
        samples: new DrawnSamples(random.fork(`samples ${seconds}`), seconds * 1_000),
        viewers: new Map(),
        sampler: sampler.join(contract, params),
        steps: this.#random.pick([10, 30, 90]),
        isUnderWay: false,
      };
    });
  }

  get roomNames(): readonly string[] {
    return this.#stands.map(({ room }) => room);
  }

  /** Processes are killed by the world, now and then. */
  noteKills(process: SimulatedProcess): void {
    const kill = process.kill.bind(process);
    process.kill = () => {
      const isDone = kill();
      if (isDone && !this.#isOver) this.#note("kill");
      return isDone;
    };
  }

  async play(): Promise<void> {
    const world = this.#world;
    for (const stand of this.#stands) {
      stand.viewers.set(samplerId, stand.sampler);
      for (const viewer of ["early", "cut", "slow", "hidden", "asleep"]) this.#enter(stand, viewer);
    }
    await world.run(500);
    if (this.#random.chance(0.7)) for (const stand of this.#stands) this.#open(stand);
    for (let round = 0; round < rounds; round++) {
      this.#measure();
      if (this.#random.chance(0.4)) this.#act();
      await world.run(1_000);
      for (const { judge, viewers } of this.#stands) judge.look(viewers);
    }
    await this.#calm();
    this.#isOver = true;
  }

  /** All viewers are there at the end, new ones too, and all have the same. */
  async #calm(): Promise<void> {
    for (const device of this.#cluster.devices) device.start();
    for (const { viewers } of this.#stands) for (const viewer of viewers.values()) if (!viewer.isHeld) viewer.hold();
    await this.#world.settle();
    for (const stand of this.#stands) this.#enter(stand, "new");
    await this.#world.settle();
    for (const { judge, viewers } of this.#stands) {
      judge.look(viewers);
      judge.lookAtEnd(viewers);
    }
    for (const absence of this.#absences) this.#judgeReturn(absence);
  }

  #enter(stand: Stand, viewer: string): void {
    const device = `${viewer} ${stand.pace.seconds}`;
    stand.viewers.set(device, this.#world.client(device, viewer).join(this.#contract, stand.params));
  }

  /** What was measured before a restart opens the window. */
  #open({ pace: { seconds }, judge, samples, sampler, steps }: Stand): void {
    const keeper = new WindowKeeper({ seconds, steps }, []);
    const newest = Math.floor(this.#world.now / (seconds * 1_000)) - this.#random.integer(5);
    for (let tick = newest - this.#random.between(1, 40); tick < newest; tick++) {
      if (this.#random.chance(0.1)) continue;
      const sample = samples.next(tick, steps);
      judge.noteSample(sample);
      keeper.add(sample);
    }
    const blocks = keeper.whole === undefined ? [] : [keeper.whole];
    this.calls++;
    void sampler.call("open", { stepMs: seconds * 1_000, steps, blocks }).catch(() => undefined);
  }

  #measure(): void {
    const { now } = this.#world;
    if (now < this.#restsUntil) return;
    for (const stand of this.#stands) {
      const { pace, judge, samples, sampler } = stand;
      const tick = Math.floor(now / (pace.seconds * 1_000));
      // As the feed does: what is not appended yet misses a step.
      if ((Math.floor(now / 1_000) % pace.seconds) + (stand.isUnderWay ? 1 : 0) > 0) continue;
      const sample = samples.next(tick, stand.steps);
      judge.noteSample(sample);
      this.calls++;
      stand.isUnderWay = true;
      void sampler
        .call("sample", sample)
        .then(({ kind }) => kind === "accepted" && judge.noteAcknowledged(tick))
        // Some calls are not made as long as the sampler is away; the world's own judges see to the others.
        .catch(() => undefined)
        .finally(() => (stand.isUnderWay = false));
    }
  }

  #act(): void {
    const random = this.#random;
    const stand = random.pick(this.#stands);
    const kind = random.integer(100);
    if (kind < 20) return this.#cut(`cut ${stand.pace.seconds}`);
    if (kind < 45) return this.#slowDown(`slow ${stand.pace.seconds}`);
    if (kind < 65) return this.#hide(stand);
    if (kind < 85) return this.#sleep(stand);
    if (kind < 90) return this.#enter(stand, `late ${++this.#lateViewers}`);
    if (kind < 94) return this.#rest();
    if (kind < 96) return this.#lose(stand);
    // Another window, as after a change of the paces.
    stand.steps = random.pick([10, 30, 90]);
  }

  #cut(device: string): void {
    this.#note("cut");
    this.#world.cut(device);
  }

  #slowDown(device: string): void {
    const { link } = this.#deviceOf(device);
    if (link?.slow(this.#random.pick([0, 20, 60])) !== true) return;
    this.#note("slow");
    void this.#world.run(this.#random.between(5_000, 90_000)).then(() => link.fast());
  }

  #hide({ viewers, pace }: Stand): void {
    const viewer = viewers.get(`hidden ${pace.seconds}`);
    if (viewer?.isHeld !== true) return;
    this.#note("hide");
    viewer.leave();
    void this.#world.run(this.#random.between(500, 90_000)).then(() => void (viewer.isHeld || viewer.hold()));
  }

  #sleep(stand: Stand): void {
    const viewer = `asleep ${stand.pace.seconds}`;
    const device = this.#deviceOf(viewer);
    if (!device.isOn) return;
    this.#note("sleep");
    device.stop();
    const from = stand.viewers.get(viewer)?.position;
    const ms = this.#random.chance(0.5) ? this.#random.between(500, 60_000) : this.#random.between(62_000, 110_000);
    void this.#world.run(ms).then(() => {
      const head = this.#cluster.diskOf(stand.room).committed(stand.room).at(-1)?.public?.position ?? 0;
      const given = device.rooms.get(stand.room)?.copy.seen.length ?? 0;
      if (!device.isOn && from !== undefined) this.#absences.push({ viewer, stand, given, behind: head - from.count });
      return device.start();
    });
  }

  /** Nobody measures for a while. */
  #rest(): void {
    this.#note("rest");
    this.#restsUntil = this.#world.now + this.#random.between(1_000, 15_000);
  }

  /** The log loses its newest steps, or all of them. */
  #lose({ room }: Stand): void {
    const disk = this.#cluster.diskOf(room);
    this.#cluster.broker.away(100);
    if (!disk.loseTail(this.#random.between(1, 4))) return;
    if (this.#random.chance(0.5)) this.#note("lose");
    else {
      this.#note("wipe");
      disk.wipe(room);
    }
  }

  /** Whoever has been away for longer than steps are given gets the window. */
  #judgeReturn({ viewer, stand, given, behind }: Absence): void {
    const first = this.#deviceOf(viewer).rooms.get(stand.room)?.copy.seen[given];
    if (behind <= resumeEntries + unheardEntries || first === undefined || first.kind === "snapshot") return;
    this.#cluster.findings.report("delivery", `${viewer} was ${behind} entries behind and got them one by one`);
  }

  #deviceOf(device: string): Cluster["devices"][number] {
    const found = this.#cluster.devices.find((candidate) => candidate.name === device);
    if (found === undefined) throw new TypeError(`There is no device "${device}"`);
    return found;
  }

  #note(fault: string): void {
    this.faults[fault] = (this.faults[fault] ?? 0) + 1;
  }
}
