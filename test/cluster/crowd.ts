import { vi } from "vitest";
import { enterRoom, everyKind, type Room } from "./rooms.ts";
import type { Cluster } from "./cluster.ts";
import { heardFaults } from "../heard-faults.ts";

const people = 6;

/** People in a volatile and a durable room who all write and all listen, while processes come and go. */
export class Crowd {
  readonly #rooms: readonly Room[];
  readonly #heard: Map<Room, string[]>;
  readonly #accepted = new Map<string, string[]>();
  readonly #faults: string[] = [];
  #work: readonly Promise<void>[] = [];
  #isOver = false;

  private constructor(rooms: readonly Room[]) {
    this.#rooms = rooms;
    this.#heard = new Map(rooms.map((room) => [room, []]));
    for (const room of rooms) {
      this.#accepted.set(room.name, []);
      room.onEntry(({ value }) => this.#heard.get(room)!.push(value.text));
    }
  }

  /** All are in, by these addresses in turn, and begin. */
  static async enter(cluster: Cluster, to: readonly { readonly port: number }[], id: string): Promise<Crowd> {
    const rooms = Array.from({ length: people }, (_, who) => {
      const client = cluster.enter(who % 2 === 0 ? to : to.toReversed(), `person ${who}`);
      return everyKind.map((kind) => enterRoom(client, kind, id));
    });
    const crowd = new Crowd(rooms.flat());
    await crowd.areIn();
    crowd.#work = rooms.flatMap((each, who) => each.map((room) => crowd.#write(room, who)));
    return crowd;
  }

  async areIn(): Promise<void> {
    const kinds = (): readonly string[] => this.#rooms.map(({ status }) => status.kind);
    await vi.waitFor(() => {
      if (kinds().some((kind) => kind !== "live")) throw new Error(kinds().join());
    }, 30_000);
  }

  /** Everybody hears so many more entries of each room. */
  async hears(more: number): Promise<void> {
    const goals = this.#rooms.map((room) => [room, this.#heard.get(room)!.length + more] as const);
    await vi.waitFor(() => {
      for (const [room, goal] of goals) if (this.#heard.get(room)!.length < goal) throw new Error([`${room.name} stands still`, ...this.#faults].join(", "));
    }, 30_000);
  }

  /** They stop, and compare what they know. Gives all that is not as promised. */
  async finish(): Promise<readonly string[]> {
    this.#isOver = true;
    await Promise.all(this.#work);
    await vi
      .waitFor(() => {
        for (const [room, heard] of this.#heard) if (heard.length < this.#accepted.get(room.name)!.length) throw new Error("not all are there");
      }, 30_000)
      // What is not there is told below.
      .catch(() => undefined);
    return [...this.#faults, ...this.#rooms.flatMap((room) => this.#compare(room))];
  }

  #compare(room: Room): readonly string[] {
    const other = this.#rooms.find(({ name }) => name === room.name) ?? room;
    return heardFaults({
      room: room.name,
      heard: this.#heard.get(room)!,
      accepted: this.#accepted.get(room.name)!,
      other: this.#heard.get(other)!,
      texts: room.state?.texts,
    });
  }

  async #write(room: Room, who: number): Promise<void> {
    for (let count = 0; !this.#isOver; count++) {
      const text = `${who}.${count}`;
      try {
        await room.call("put", { text });
        this.#accepted.get(room.name)!.push(text);
      } catch (error) {
        return void this.#faults.push(`${room.name}: ${text}: ${String(error)}`);
      }
    }
  }
}
