import { type Clock, type NexiosApp, NexiosError, type SharedMetrics, shareMetrics } from "nexios";
import { auction, type LotCard, sale } from "nexios/auction";
import { documentRoom, textOf, writerOf } from "nexios/collab";
import { addDocuments, type Documents } from "nexios/collab/server";
import { desk, deskName, type DeskText, forewordId, listed } from "../../rooms/desk.ts";
import { saleId } from "../auction/house-lots.ts";
import { accessOf, deskRobot } from "./desk-access.ts";
import { DeskRobot, type DeskRobotServices } from "./desk-robot.ts";
import { deskRoom } from "./desk-room.ts";
import { openersOf } from "./openers.ts";
import { toPlainLines } from "./plain-lines.ts";

const lookEveryMs = 1_000;
const tellEveryMs = 5_000;
const robotEveryMs = 500;
const forewordTitle = "Foreword";
const forewordText =
  "This sale brings together what passed through good hands: instruments, furniture, works on paper. Each piece was looked at by daylight, and what is wrong with it is said. Whoever knows more is welcome to write it down.";

export interface DeskOptions {
  readonly clock: Clock;
  /** Of several processes the first keeps the list, and has the robot. */
  readonly shared?: Pick<SharedMetrics, "isFirst">;
  /** The switch of the house's robots; without it none writes in the catalogue. */
  readonly robots?: DeskRobotServices["robots"] | undefined;
}

/** Adds the catalogue's documents and the list of them. */
export function addDesk(
  app: NexiosApp,
  { clock, shared = shareMetrics(app), robots }: DeskOptions,
): { readonly documents: Documents; readonly keeper: DeskKeeper } {
  const cards = new Map<string, LotCard>();
  const documents = addDocuments(app, {
    async accessOf(user, id) {
      if (id !== forewordId && !cards.has(id)) for (const card of await readCards(app)) cards.set(card.lotId, card);
      return accessOf(user, id, cards.get(id));
    },
  });
  app.add(deskRoom);
  const keeper = new DeskKeeper({ app, documents, cards, now: () => clock.now(), tells: () => shared.isFirst() });
  app.onStart(() => keeper.start());
  app.every(lookEveryMs, () => keeper.look());
  app.onStop(() => keeper.close());
  if (robots !== undefined) {
    const robot = new DeskRobot({ app, cards, clock, random: Math.random, robots });
    app.every(robotEveryMs, async () => (shared.isFirst() ? robot.act() : robot.leave()));
    app.onStop(() => robot.close());
  }
  return { documents, keeper };
}

interface DeskServices {
  readonly app: NexiosApp;
  readonly documents: Documents;
  /** The sale's lots as they were last seen. */
  readonly cards: Map<string, LotCard>;
  readonly now: () => number;
  /** Whether this process keeps the list. Each knows the lots, since it says who may write. */
  readonly tells: () => boolean;
}

type Place = Pick<DeskText, "id" | "number" | "title" | "isOpen">;

/** Keeps the list: it looks at what somebody has changed, and at nothing else. */
export class DeskKeeper {
  readonly #services: DeskServices;
  readonly #watched = new Map<string, () => void>();
  readonly #changed = new Set<string>();
  readonly #toldAt = new Map<string, number>();
  #places: readonly Place[] = [];
  #isSaleChanged = true;
  #endSale: (() => void) | undefined;
  #isLooking = false;
  #isTelling = false;

  constructor(services: DeskServices) {
    this.#services = services;
  }

  async start(): Promise<void> {
    this.#endSale = await this.#services.app.room(sale, { saleId }).watch(() => (this.#isSaleChanged = true));
    await this.look();
  }

  /** Tells what has changed; a document at most every five seconds. */
  async look(): Promise<void> {
    if (this.#endSale === undefined || this.#isLooking) return;
    this.#isLooking = true;
    try {
      const tells = this.#services.tells();
      // What another process has told by now is looked at anew.
      this.#isSaleChanged ||= tells && !this.#isTelling;
      this.#isTelling = tells;
      if (this.#isSaleChanged) await this.#followSale();
      if (!tells) return;
      for (const place of this.#places) {
        const { id } = place;
        if (!this.#changed.has(id) || this.#services.now() < (this.#toldAt.get(id) ?? -Infinity) + tellEveryMs) continue;
        this.#changed.delete(id);
        await this.#tell(place);
      }
    } catch (error) {
      // Nothing is lost: it is all looked at again.
      this.#isSaleChanged = true;
      if (!(error instanceof NexiosError)) throw error;
    } finally {
      this.#isLooking = false;
    }
  }

  close(): void {
    this.#endSale?.();
    this.#endSale = undefined;
    for (const end of this.#watched.values()) end();
    this.#watched.clear();
  }

  async #followSale(): Promise<void> {
    const { app, cards } = this.#services;
    this.#isSaleChanged = false;
    const now = await readCards(app);
    cards.clear();
    for (const card of now) cards.set(card.lotId, card);
    if (!this.#isTelling) return;
    const lots = now.map(({ lotId, number, title, closed }) => ({ id: lotId, number, title, isOpen: closed === undefined }));
    this.#places = listed([{ id: forewordId, number: 0, title: forewordTitle, isOpen: true }, ...lots]);
    const told = new Map((await this.#desk().state()).map((text) => [text.id, text]));
    for (const place of this.#places) await this.#followPlace(place, told.get(place.id));
  }

  async #followPlace(place: Place, told: DeskText | undefined): Promise<void> {
    const { app, documents } = this.#services;
    const { id, isOpen } = place;
    if (told === undefined) {
      const text = id === forewordId ? forewordText : (await app.room(auction, { lotId: id }).state()).terms?.about;
      if (text !== undefined) await documents.create(id, toPlainLines(text), { user: deskRobot });
    }
    if (isOpen && !this.#watched.has(id)) {
      this.#watched.set(id, await app.room(documentRoom, { id }).watch(() => this.#changed.add(id)));
      // Somebody may have written before it was watched.
      this.#changed.add(id);
    }
    if (!isOpen) {
      if (told === undefined || told.isOpen) {
        await this.#lock(id);
        await this.#tell(place);
      }
      this.#watched.get(id)?.();
      this.#watched.delete(id);
    }
  }

  /** Whoever has opened it is told that he only reads from now on. */
  async #lock(id: string): Promise<void> {
    const { app, documents } = this.#services;
    for (const userId of await openersOf(app, id)) if (userId !== deskRobot.id) await documents.accessChanged(id, userId, "read");
  }

  async #tell(place: Place): Promise<void> {
    const told = (await this.#desk().state()).find(({ id }) => id === place.id);
    const room = this.#services.app.room(documentRoom, { id: place.id });
    const state = await room.state();
    const { count } = state;
    const characters = textOf(state.document).length;
    const edit = told?.count === count ? undefined : await this.#lastEdit(place.id, told?.count ?? 0, count);
    const edited = edit === undefined ? told?.edited : { at: edit.at, by: writerOf(state, edit.client)?.name ?? edit.author };
    if (told !== undefined && told.isOpen === place.isOpen && told.characters === characters && told.edited?.at === edited?.at) return;
    this.#toldAt.set(place.id, this.#services.now());
    await this.#desk().call("tell", { ...place, characters, count, ...(edited !== undefined && { edited }) });
  }

  async #lastEdit(id: string, after: number, count: number) {
    const entries = await this.#services.app.room(documentRoom, { id }).entries(Math.max(after, count - 100), 200);
    const last = entries.findLast(({ value }) => value.kind === "edited");
    return last?.value.kind === "edited" ? { at: last.at, client: last.value.client, author: last.author ?? "" } : undefined;
  }

  #desk() {
    return this.#services.app.room(desk, { deskId: deskName });
  }
}

/** The sale's lots but those of replays, which come and go by the hundred. */
async function readCards(app: NexiosApp): Promise<readonly LotCard[]> {
  return (await app.room(sale, { saleId }).state()).filter(({ lotId }) => !lotId.startsWith("replay-"));
}
