import type { Broker, Deliver } from "../broker/broker.ts";
import { type Gate, openGate } from "./gate.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

/** A process's place in the network. */
export interface MemberOptions {
  /** What comes to the process enters here. */
  readonly gate?: Gate;
  /** The broker was away, and can be heard again. */
  readonly onReconnect?: () => void;
}

/** How a broker loses. `lose`, `double` and `reorder` are shares of the deliveries. */
export interface Loss {
  /** For so long. */
  readonly ms: number;
  readonly lose: number;
  readonly double: number;
  /** Delivered without regard to what was published before and after. */
  readonly reorder: number;
  /** So much later at most, beside the usual delay. */
  readonly delayMs: number;
}

/** The broker of one process. */
export interface LossyBroker extends Broker {
  /** The process has died: it hears nothing any more. What it has published is on its way. */
  kill(): void;
}

/** The broker that all processes share, and what can go wrong with it. */
export class BrokerNetwork {
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #members = new Set<Member>();
  #loss: Loss | undefined;
  #lossyUntil = 0;
  #awayUntil = 0;

  constructor(scheduler: Scheduler, random: Random) {
    this.#scheduler = scheduler;
    this.#random = random;
  }

  /** The broker of one more process. */
  join({ gate = openGate, onReconnect }: MemberOptions = {}): LossyBroker {
    const member: Member = new Member(gate, onReconnect, {
      publish: (topic, message) => this.#publish(member, topic, message),
      reach: (fire) => void this.#scheduler.at(Math.max(this.#scheduler.now, this.#awayUntil) + this.#delay(), () => gate.enter(fire)),
      leave: () => void this.#members.delete(member),
    });
    this.#members.add(member);
    return member;
  }

  /** For a while deliveries are lost, doubled, reordered and late; the newest call counts. False when that changes nothing. */
  lossy(loss: Loss): boolean {
    if (loss.ms <= 0) return false;
    this.#loss = loss;
    this.#lossyUntil = this.#scheduler.now + loss.ms;
    return true;
  }

  /** For so long nothing comes through; then each member's `onReconnect` runs. False when that changes nothing. */
  away(ms: number): boolean {
    const until = this.#scheduler.now + ms;
    if (until <= this.#awayUntil || ms <= 0) return false;
    this.#awayUntil = until;
    this.#scheduler.at(until, () => this.#reconnect());
    return true;
  }

  get #isAway(): boolean {
    return this.#scheduler.now < this.#awayUntil;
  }

  #reconnect(): void {
    if (this.#isAway) return;
    for (const member of this.#members) this.#scheduler.after(this.#delay(), () => member.reconnected());
  }

  #publish(sender: Member, topic: string, message: Uint8Array): void {
    if (this.#isAway) return;
    const loss = this.#scheduler.now < this.#lossyUntil ? this.#loss : undefined;
    for (const member of this.#members) {
      if (member === sender || (loss !== undefined && this.#random.chance(loss.lose))) continue;
      this.#send(sender, member, topic, message, loss);
      if (loss !== undefined && this.#random.chance(loss.double)) this.#send(sender, member, topic, message, loss);
    }
  }

  #send(sender: Member, member: Member, topic: string, message: Uint8Array, loss: Loss | undefined): void {
    let at = this.#scheduler.now + this.#delay();
    if (loss !== undefined) at += this.#random.next() * loss.delayMs;
    if (loss === undefined || !this.#random.chance(loss.reorder)) at = member.inOrder(sender, topic, at);
    this.#scheduler.at(at, () => {
      if (!this.#isAway) member.deliver(topic, message);
    });
  }

  #delay(): number {
    return 0.5 + this.#random.next() * 19.5;
  }
}

/** What a member asks of its network. */
interface Ways {
  publish(topic: string, message: Uint8Array): void;
  /** Fires when the broker has heard of it, and the member of that. */
  reach(fire: () => void): void;
  leave(): void;
}

interface Subscription {
  readonly deliver: Deliver;
  isHeard: boolean;
}

class Member implements LossyBroker {
  readonly #gate: Gate;
  readonly #onReconnect: (() => void) | undefined;
  readonly #ways: Ways;
  readonly #topics = new Map<string, Subscription>();
  /** When the last message of each sender and topic comes here. */
  readonly #lastArrivals = new Map<Member, Map<string, number>>();
  #isOver = false;

  constructor(gate: Gate, onReconnect: (() => void) | undefined, ways: Ways) {
    this.#gate = gate;
    this.#onReconnect = onReconnect;
    this.#ways = ways;
  }

  publish(topic: string, message: Uint8Array): void {
    if (!this.#isOver) this.#ways.publish(topic, message);
  }

  subscribe(topic: string, deliver: Deliver): Promise<void> {
    const subscription: Subscription = { deliver, isHeard: this.#topics.get(topic)?.isHeard ?? false };
    this.#topics.set(topic, subscription);
    return new Promise((resolve) =>
      this.#ways.reach(() => {
        subscription.isHeard = true;
        resolve();
      }),
    );
  }

  unsubscribe(topic: string): void {
    this.#topics.delete(topic);
  }

  close(): Promise<void> {
    this.kill();
    return Promise.resolve();
  }

  kill(): void {
    this.#isOver = true;
    this.#topics.clear();
    this.#ways.leave();
  }

  /** The moment, or a later one, at which a message comes behind those that its sender has published there before. */
  inOrder(sender: Member, topic: string, at: number): number {
    let topics = this.#lastArrivals.get(sender);
    if (topics === undefined) this.#lastArrivals.set(sender, (topics = new Map<string, number>()));
    const arrival = Math.max(at, topics.get(topic) ?? 0);
    topics.set(topic, arrival);
    return arrival;
  }

  deliver(topic: string, message: Uint8Array): void {
    if (this.#topics.get(topic)?.isHeard !== true) return;
    this.#gate.enter(() => this.#topics.get(topic)?.deliver(message));
  }

  reconnected(): void {
    this.#gate.enter(() => {
      if (!this.#isOver) this.#onReconnect?.();
    });
  }
}
