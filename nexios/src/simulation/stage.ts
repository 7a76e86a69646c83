import type { Cluster } from "./cluster.ts";
import type { Device } from "./device.ts";
import { type Journal, JournalBook } from "./journal.ts";
import { isFault } from "./plan-faults.ts";
import { playInRoom } from "./play-in-room.ts";
import type { SimulatedProcess } from "./process.ts";
import type { Step } from "./step.ts";
import { withdraw } from "./withdrawing.ts";

/** How long a failover of the volatile store takes the broker away. */
const brokenMs = 100;

const deployEveryMs = 1_000;
/** By then a process that drains has ended. */
const restartsMs = 16_000;
/** Until both ends know of a link that carries nothing, and another one is there. */
const halfOpenMs = 26_000;
const catchUpMs = 1_000;

/** Does the steps of a plan to a cluster, and writes down what it did. */
export class Stage {
  readonly cluster: Cluster;
  readonly devices: readonly Device[];
  /** Calls that two tabs have made under one id. */
  readonly sharedCalls: Set<string> = new Set();
  readonly #book: JournalBook;

  constructor(cluster: Cluster, devices: readonly Device[]) {
    this.cluster = cluster;
    this.devices = devices;
    this.#book = new JournalBook(() => cluster.scheduler.now);
  }

  get journal(): Journal {
    return this.#book;
  }

  /** Does one step now. One that makes no sense any more does nothing. */
  play(step: Step): void {
    const isDone = this.#play(step);
    if (isDone && isFault(step)) this.#book.fault(step.kind);
  }

  /** Everything that is wrong ends, and a deploy that has begun is completed, process by process. */
  heal(): void {
    const { processes, scheduler } = this.cluster;
    for (let afterMs = 0; afterMs < restartsMs; afterMs += deployEveryMs) {
      scheduler.after(afterMs, () => {
        for (const process of processes) process.start();
      });
    }
    const newest = Math.max(...processes.map(({ version }) => version));
    const old = processes.filter(({ version }) => version < newest);
    for (const [index, process] of old.entries()) scheduler.after(index * deployEveryMs, () => void this.#deploy(process, newest));
    for (const device of this.devices) device.start();
    this.easeLinks();
  }

  /** Every device reads as fast as it can. */
  easeLinks(): void {
    for (const device of this.devices) {
      this.#book.hurry(device.name, catchUpMs);
      device.link?.fast();
    }
  }

  #play(step: Step): boolean {
    if (step.kind === "leave") this.#book.off(this.devices[step.device]?.name ?? "", step.room);
    if ("process" in step) return this.#playOnProcess(step, this.#process(step.process));
    if ("device" in step) return this.#playOnDevice(step, this.devices[step.device]);
    const { broker, disks } = this.cluster;
    switch (step.kind) {
      case "broker-lossy":
        this.#book.brokerFault(step.ms + step.delayMs);
        return broker.lossy(step);
      case "broker-away":
        this.#book.brokerFault(step.ms);
        return broker.away(step.ms);
      case "disk-failing":
        this.#book.diskFault(step.ms);
        return disks[step.disk].failing(step.ms);
      case "disk-away":
        this.#book.diskFault(step.ms);
        return disks[step.disk].away(step.ms);
      case "disk-slow":
        this.#book.diskFault(step.ms);
        return disks[step.disk].slow(step.ms, step.factor);
      // What loses a volatile store is the broker too: its connections break.
      case "lose-tail":
        this.#breakBroker();
        return disks.volatile.loseTail(step.entries);
      case "wipe":
        this.#breakBroker();
        return this.cluster.diskOf(step.room).wipe(step.room);
    }
  }

  #breakBroker(): void {
    this.#book.brokerFault(brokenMs);
    this.cluster.broker.away(brokenMs);
  }

  #playOnProcess(step: Extract<Step, { readonly process: number }>, process: SimulatedProcess): boolean {
    switch (step.kind) {
      case "kill":
        this.#book.kill(step.process);
        return process.kill();
      case "restart":
        return process.start();
      case "drain": {
        const isDone = process.drain();
        if (isDone) this.#book.drain(step.process);
        return isDone;
      }
      case "deploy":
        return this.#deploy(process, step.version);
      case "stall":
        this.#book.stall(step.process, step.ms);
        return process.stall(step.ms);
      case "clock-step":
        return process.stepClock(step.ms);
    }
  }

  #playOnDevice(step: Extract<Step, { readonly device: number }>, device: Device | undefined): boolean {
    if (device === undefined) return false;
    switch (step.kind) {
      case "cut":
        return device.link?.cut() ?? false;
      case "half-open":
        this.#book.slowDown(device.name, halfOpenMs);
        return device.link?.halfOpen() ?? false;
      case "slow":
        this.#book.slowDown(device.name);
        return device.link?.slow(step.bytesPerSecond) ?? false;
      case "fast":
        this.#book.hurry(device.name, catchUpMs);
        return device.link?.fast() ?? false;
      case "off":
        this.#book.off(device.name);
        device.stop();
        return true;
      case "on":
        device.start();
        return true;
      case "reload":
        if (!device.isOn) return false;
        device.reload();
        return true;
      case "revoke":
        return this.#revoke(device.user.id, step.room);
      case "join":
        device.join(step.room, step.presence);
        return true;
      default: {
        if (device.rooms.get(step.room)?.isWanted !== true) return false;
        const tab = "tab" in step && step.tab !== undefined ? this.devices[step.tab] : undefined;
        playInRoom(device, step, tab, (callId) => this.sharedCalls.add(callId));
        return true;
      }
    }
  }

  #process(number: number): SimulatedProcess {
    const found = this.cluster.processes[number];
    if (found === undefined) throw new TypeError(`There is no process ${number}`);
    return found;
  }

  #deploy(process: SimulatedProcess, version: number): boolean {
    if (process.version >= version) return false;
    process.version = version;
    this.#book.kill(process.number);
    process.kill();
    return process.start();
  }

  #revoke(userId: string, room: string): boolean {
    if (this.cluster.rights.isWithdrawn(userId, room)) return false;
    withdraw(this.cluster, userId, room, () => this.#book.withdrawal(userId, room));
    return true;
  }
}
