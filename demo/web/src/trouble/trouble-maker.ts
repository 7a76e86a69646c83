import { type ClientRoom, type ClientWorld, readHistory, type Resume } from "nexios/client";
import type { House } from "../../../rooms/house.ts";
import type { HouseTalk } from "../talk/house-talk.ts";
import type { BreakableNetwork } from "../network/breakable-network.ts";
import { addRecord, changeRecord, compare, openRecords, type Proof, type TroubleKind, type TroubleRecord } from "./trouble-record.ts";

/** What trouble is made with. */
export interface TroubleServices {
  readonly room: ClientRoom<House>;
  readonly talk: HouseTalk;
  readonly network: BreakableNetwork;
  readonly clock: ClientWorld["clock"];
  /** Asks the server for a trouble of its own. */
  ask(what: "lines" | "restart"): Promise<"done" | "unreachable" | "refused">;
  /** Tells what waits for a network that there is one again, as a device does. */
  readonly wake: () => void;
  /** Which process the server is now. */
  readProcess(): Promise<number | undefined>;
}

/** As many entries as one page of history has. */
const comparedLines = 100;

/** Breaks what it is asked to break, and takes down how it heals. */
export class TroubleMaker {
  readonly #services: TroubleServices;
  readonly #listeners = new Set<() => void>();
  #records: readonly TroubleRecord[] = [];
  #resume: Resume | undefined;
  #lastId = 0;

  constructor(services: TroubleServices) {
    this.#services = services;
    this.#resume = services.room.lastResume;
  }

  /** Watches the room until the result is called. */
  start(): () => void {
    return this.#services.room.onChange(() => this.#look());
  }

  /** The newest first; the same array until it changes. */
  get records(): readonly TroubleRecord[] {
    return this.#records;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Cuts all lines of this page for so long. */
  cut(ms: number): void {
    this.#begin("cut");
    const { network, clock, wake } = this.#services;
    network.cut(ms);
    // Behind the end of the cut, which was asked for first.
    clock.after(ms, wake);
  }

  /** Has the house say two lines, of which the first does not arrive. */
  async loseMessage(): Promise<void> {
    const id = this.#begin("lose");
    this.#services.network.loseNext();
    if ((await this.#ask(id, "lines")) !== "done") this.#services.network.loseNext(false);
  }

  /** Kills the server's process. */
  async restartServer(): Promise<void> {
    const id = this.#begin("restart");
    await this.#noteProcess(id);
    await this.#ask(id, "restart");
  }

  #begin(kind: TroubleKind): number {
    const { room, clock } = this.#services;
    const id = ++this.#lastId;
    this.#set(
      addRecord(this.#records, { id, kind, startedAt: clock.monotonic(), before: room.position?.count, healed: undefined, processes: [], failure: undefined }),
    );
    return id;
  }

  async #ask(id: number, what: "lines" | "restart"): Promise<"done" | "unreachable" | "refused"> {
    const answer = await this.#services.ask(what);
    if (answer !== "done") this.#set(changeRecord(this.#records, id, { failure: answer }));
    return answer;
  }

  async #noteProcess(id: number): Promise<void> {
    const process = await this.#services.readProcess();
    const record = this.#records.find((one) => one.id === id);
    if (process !== undefined && record !== undefined) this.#set(changeRecord(this.#records, id, { processes: [...record.processes, process] }));
  }

  #look(): void {
    const { lastResume: resume } = this.#services.room;
    if (resume === undefined || resume === this.#resume) return;
    this.#resume = resume;
    const open = openRecords(this.#records);
    const now = this.#services.clock.monotonic();
    for (const { id, kind, startedAt } of open) {
      this.#set(changeRecord(this.#records, id, { healed: { resume, tookMs: now - startedAt, proof: undefined } }));
      if (kind === "restart") void this.#noteProcess(id);
    }
    if (open.length > 0) void this.#prove(resume, new Set(open.map(({ id }) => id)));
  }

  async #prove(resume: Resume, ids: ReadonlySet<number>): Promise<void> {
    const proof = await this.#compare(resume).catch(() => undefined);
    if (proof === undefined) return;
    this.#set(this.#records.map((record) => (ids.has(record.id) && record.healed !== undefined ? { ...record, healed: { ...record.healed, proof } } : record)));
  }

  /** What the log has of the lines that were missed, against what stands here. */
  async #compare({ from, to }: Resume): Promise<Proof> {
    const { room, talk } = this.#services;
    const after = from?.epoch === to.epoch ? from.count : 0;
    const missed = Math.min(comparedLines, to.count - after);
    if (missed === 0) return { missed: 0, held: 0 };
    const { entries } = await readHistory(room, to.count + 1, missed);
    return compare(entries, talk.view.transcript.lines);
  }

  #set(records: readonly TroubleRecord[]): void {
    this.#records = records;
    for (const listener of this.#listeners) listener();
  }
}
