import type { Locator, WebSocketRoute } from "playwright-core";
import { house as contract, houseName } from "../../demo/rooms/house.ts";
import type { House } from "./house.ts";
import type { Person } from "./person.ts";

/** Where one writes. */
export function fieldOf({ page }: Person): Locator {
  return page.getByLabel("Say something to the house");
}

/** Writes and sends a line, and does not wait for what becomes of it. */
export async function write(person: Person, text: string): Promise<void> {
  await fieldOf(person).fill(text);
  await fieldOf(person).press("Enter");
}

/** The lines of a text that stand in the talk. */
export function linesOf({ page }: Person, text: string): Locator {
  return page.locator(".chat-line[data-state=said]", { hasText: text });
}

/** Writes a line, and waits until it stands in the talk. */
export async function say(person: Person, text: string): Promise<void> {
  await write(person, text);
  await linesOf(person, text).waitFor();
}

/** All texts that stand in the talk. */
export function texts({ page }: Person): Promise<readonly string[]> {
  return page.locator(".chat-line[data-state=said] .chat-text").allInnerTexts();
}

/** Waits until the connection of the house is in this state, as its sign in the header says. */
export function waitForLine({ page }: Person, state: string): Promise<void> {
  return page.locator(`.people-button[data-state=${state}]`).waitFor();
}

/** Lines of a talk that was going on before anybody looked; nobody says more than may be said. */
export async function fillTalk(house: House, lines: number): Promise<void> {
  // At once, in their order: they share commits.
  const numbers = Array.from({ length: lines }, (_, index) => index + 1);
  await Promise.all(numbers.map((said) => sayAs(house, { id: `guest-${said % 10}`, name: `Guest ${said % 10}` }, `Line ${said} of the evening`)));
}

/** Says something as somebody who need not look. */
export async function sayAs({ app }: House, user: { readonly id: string; readonly name: string }, text: string): Promise<void> {
  await app.room(contract, { house: houseName }).call("say", { text }, { user });
}

/** What stands between one page and the house, its requests excepted. */
export interface HouseLine {
  cut(): Promise<void>;
  mend(): void;
}

/** A page whose connection to the house can be cut while the page itself can be loaded. Before the page is opened. */
export async function holdLine({ page }: Pick<Person, "page">): Promise<HouseLine> {
  let isDown = false;
  let open: WebSocketRoute[] = [];
  await page.routeWebSocket(/\/realtime$/, (socket) => {
    if (isDown) return void socket.close({ code: 1011 });
    socket.connectToServer();
    open.push(socket);
  });
  return {
    async cut() {
      isDown = true;
      await Promise.all(open.map((socket) => socket.close({ code: 1011 })));
      open = [];
    },
    mend: () => void (isDown = false),
  };
}
