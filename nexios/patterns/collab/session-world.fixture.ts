import type { Client, Random, World } from "nexios/simulation";
import { DocumentSession } from "./session.ts";
import type { SessionOptions } from "./session-types.ts";

/** A session in a simulation, under its clock. */
export function openIn(world: World, client: Client, id = "1", options: SessionOptions = {}): DocumentSession {
  const after = (ms: number, fire: () => void): (() => void) => {
    let isOff = false;
    void world.run(ms).then(() => isOff || fire());
    return () => (isOff = true);
  };
  return new DocumentSession(client, id, { ...options, clock: { after } });
}

const token = /<\w+>/g;

/** Writes and deletes words that are all different, so that in the end each can be asked after. */
export class WordBook {
  readonly inserted = new Set<string>();
  readonly deleted = new Set<string>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Writes a word, or deletes one that is shown. */
  type(session: DocumentSession, name: string): void {
    const places = [...session.text.matchAll(token)].map(({ index, 0: word }) => ({ at: index, word }));
    const place = places[this.#random.between(0, Math.max(0, places.length - 1))];
    if (place !== undefined && this.#random.next() < 0.3) {
      this.deleted.add(place.word);
      session.edit((text) => text.delete(place.at, place.word.length));
      return;
    }
    const word = `<${name}${this.inserted.size}>`;
    this.inserted.add(word);
    session.edit((text) => text.insert(place?.at ?? 0, word));
  }

  /** What is wrong with a text: words that are lost, doubled, back again, or broken. */
  faultsOf(text: string): readonly string[] {
    const shown: readonly string[] = text.match(token) ?? [];
    const wanted = new Set([...this.inserted].filter((word) => !this.deleted.has(word)));
    return [
      ...[...wanted].filter((word) => !shown.includes(word)).map((word) => `lost ${word}`),
      ...shown.filter((word, at) => shown.indexOf(word) !== at).map((word) => `doubled ${word}`),
      ...shown.filter((word) => !wanted.has(word)).map((word) => `not wanted ${word}`),
      ...(shown.join("") === text ? [] : [`broken: ${text}`]),
    ];
  }
}
