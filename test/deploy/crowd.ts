import { vi } from "vitest";
import type { Client, ClientRoom } from "nexios/client";
import type { House } from "./house.ts";
import { board, book } from "./served-app.ts";
import { heardFaults } from "../heard-faults.ts";

export type Room = ClientRoom<typeof board> | ClientRoom<typeof book>;

const people = 6;

/** People in a volatile and a durable room who all write and all listen, and who write down what they were told. */
export class Crowd {
  /** The ports of the processes that they have been at. */
  readonly places = new Set<number>();
  readonly #house: House;
  readonly #clients: readonly Client[];
  readonly #rooms: readonly (readonly Room[])[];
  readonly #heard = new Map<Room, string[]>();
  readonly #accepted = new Map<string, string[]>();
  /** What nobody may meet. */
  readonly #faults: string[] = [];
  readonly #work: Promise<unknown>[];
  #isOver = false;

  private constructor(house: House, id: string) {
    this.#house = house;
    this.#clients = Array.from({ length: people }, (_, index) => house.enter(`person-${id}-${index}`));
    this.#rooms = this.#clients.map((client) => [client.join(board, { id }), client.join(book, { id })]);
    for (const client of this.#clients) client.onChange(() => this.#look(client));
    for (const room of this.#rooms.flat()) {
      const heard: string[] = [];
      this.#heard.set(room, heard);
      this.#accepted.set(room.name, []);
      room.onEntry(({ value }) => heard.push(value.text));
      room.onChange(() => {
        const why = room.lastResume?.from === undefined ? undefined : room.lastResume.why;
        if (why !== undefined && this.#faults.at(-1) !== `${room.name}: a snapshot, ${why}`) this.#faults.push(`${room.name}: a snapshot, ${why}`);
      });
    }
    this.#work = [];
  }

  /** All are in, and begin. */
  static async enter(house: House, id: string): Promise<Crowd> {
    const crowd = new Crowd(house, id);
    await Promise.all(crowd.#rooms.flat().map(whereIs));
    crowd.#work.push(...crowd.#rooms.flatMap((rooms, who) => rooms.map((room) => crowd.#write(room, who))), crowd.#browse());
    return crowd;
  }

  /** Where each is now. */
  async placesNow(): Promise<readonly number[]> {
    const ports = await Promise.all(this.#rooms.map(([room]) => whereIs(room!)));
    for (const port of ports) this.places.add(port);
    return ports;
  }

  /** Everybody hears so many more entries of each room. */
  async hears(more: number): Promise<void> {
    const goals = new Map([...this.#heard].map(([room, heard]) => [room, heard.length + more]));
    await vi.waitFor(() => {
      for (const [room, goal] of goals) if (this.#heard.get(room)!.length < goal) throw new Error([`${room.name} stands still`, ...this.#faults].join(", "));
    }, 60_000);
    await this.placesNow();
  }

  /** They stop, and compare what they know. Gives all that is not as promised. */
  async finish(): Promise<readonly string[]> {
    this.#isOver = true;
    await Promise.all(this.#work);
    const rooms = this.#rooms.flat();
    await vi
      .waitFor(() => {
        for (const room of rooms) if (this.#heard.get(room)!.length < this.#accepted.get(room.name)!.length) throw new Error("not all are there");
      }, 30_000)
      // What is not there is told below.
      .catch(() => undefined);
    return [...this.#faults, ...rooms.flatMap((room) => this.#compare(room))];
  }

  #compare(room: Room): readonly string[] {
    const other = this.#rooms.flat().find(({ name }) => name === room.name) ?? room;
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
        // One that goes on would say so for ever.
        return void this.#faults.push(`${room.name}: ${text}: ${String(error)}`);
      }
    }
  }

  /** Pages are asked for all the while, too. */
  async #browse(): Promise<void> {
    while (!this.#isOver) {
      try {
        const answer = await fetch(`${this.#house.proxy.url}/where`);
        if (answer.ok) this.places.add(((await answer.json()) as { port: number }).port);
        else return void this.#faults.push(`/where: ${answer.status}`);
      } catch (error) {
        return void this.#faults.push(`/where: ${String(error)}`);
      }
    }
  }

  #look({ status }: Client): void {
    if (status.kind === "refused" || status.kind === "outdated") this.#faults.push(status.kind);
  }
}

/** The port of the process at which a room is joined. */
export async function whereIs(room: Room): Promise<number> {
  const answer = await room.ask("where");
  if (answer.kind !== "answered") throw new Error(answer.kind);
  return answer.value.port;
}
