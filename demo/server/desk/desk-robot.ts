import type { Clock, NexiosApp } from "nexios";
import type { LotCard } from "nexios/auction";
import { type Client, createClient } from "nexios/client";
import { documentRoom } from "nexios/collab";
import { DocumentSession } from "nexios/collab/client";
import { desk, deskName, forewordId } from "../../rooms/desk.ts";
import { isHouseLot } from "../auction/house-lots.ts";
import { deskRobot } from "./desk-access.ts";
import { connectWithin } from "./own-connection.ts";
import { sentencesFor } from "./robot-sentences.ts";
import { mostRead, RobotVisit } from "./robot-visit.ts";

export interface DeskRobotServices {
  readonly app: Pick<NexiosApp, "room" | "connect" | "tokens">;
  /** The sale's lots as they were last seen. */
  readonly cards: ReadonlyMap<string, Pick<LotCard, "closed">>;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  /** The switch of all robots. */
  readonly robots: { readonly isPaused: boolean };
}

const restMs = 8_000;
/** Who has made what the house gives a text at first. */
const serverId = "nexios";
/** Who has opened a text within so long may still be there. */
const visitedMs = 10 * 60_000;
const readEntries = 100;
const tokenSeconds = 900;

/** The robot that writes in the catalogue, as a person does: over a connection, with a caret, in one text after the other. It goes where people are. */
export class DeskRobot {
  readonly #services: DeskRobotServices;
  #client: Client | undefined;
  #visit: { readonly id: string; readonly robot: RobotVisit } | undefined;
  #restUntil = 0;
  #isClosed = false;

  constructor(services: DeskRobotServices) {
    this.#services = services;
  }

  /** It does something small, or nothing. */
  async act(): Promise<void> {
    const { robots, clock } = this.#services;
    if (this.#isClosed) return;
    if (this.#visit !== undefined && (!this.#mayWrite(this.#visit.id) || this.#visit.robot.isOver)) return this.leave();
    if (robots.isPaused) return;
    if (this.#visit !== undefined) await this.#visit.robot.act();
    else if (clock.now() >= this.#restUntil) await this.#go();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const leaving = this.leave();
    await this.#client?.close();
    await leaving;
  }

  /** The house's own texts alone, and none of a lot that is over. */
  #mayWrite(id: string): boolean {
    if (id === forewordId) return true;
    const card = this.#services.cards.get(id);
    return isHouseLot(id) && card !== undefined && card.closed === undefined;
  }

  async #go(): Promise<void> {
    const { app, clock, random } = this.#services;
    const texts = await app.room(desk, { deskId: deskName }).state();
    const places = texts.filter(({ id, characters }) => this.#mayWrite(id) && characters <= mostRead);
    const cameAt = await Promise.all(places.map(({ id }) => this.#lastOf(id, "opened")));
    const visited = places.filter((_, index) => (cameAt[index] ?? -Infinity) > clock.now() - visitedMs);
    // Its log keeps all, and the foreword is there for ever: it is written in for somebody.
    const others = places.filter(({ id }) => id !== forewordId);
    const choice = visited.length > 0 && random() < 0.8 ? visited : others;
    const place = choice[Math.floor(random() * choice.length)];
    if (place === undefined) return this.#rest();
    // It may have been closed meanwhile.
    if (this.#isClosed) return;
    const session = new DocumentSession((this.#client ??= this.#connect()), place.id, { clock });
    this.#visit = {
      id: place.id,
      robot: new RobotVisit({
        session,
        robotId: deskRobot.id,
        sentences: sentencesFor(place.id),
        writtenAt: () => this.#lastOf(place.id, "edited"),
        now: () => clock.now(),
        random,
      }),
    };
  }

  /** When somebody else has come, or written, last; -Infinity for long ago. */
  async #lastOf(id: string, kind: "opened" | "edited"): Promise<number> {
    const room = this.#services.app.room(documentRoom, { id });
    const { count, oldest } = await room.state();
    const entries = await room.entries(Math.max(oldest, count - readEntries), 2 * readEntries);
    return entries.findLast(({ value, author }) => value.kind === kind && author !== deskRobot.id && author !== serverId)?.at ?? -Infinity;
  }

  /** It goes home: nobody sees it, until it acts again. */
  async leave(): Promise<void> {
    const visit = this.#visit;
    this.#visit = undefined;
    this.#rest();
    await visit?.robot.session.close();
  }

  #rest(): void {
    const { clock, random } = this.#services;
    this.#restUntil = clock.now() + restMs * (1 + random());
  }

  #connect(): Client {
    const { app, clock, random } = this.#services;
    return createClient({
      url: "http://localhost/realtime",
      token: () => app.tokens.issue({ sub: deskRobot.id, name: deskRobot.name }, { expiresInSeconds: tokenSeconds }),
      world: { clock, random, connect: connectWithin(app, "/realtime") },
    });
  }
}
