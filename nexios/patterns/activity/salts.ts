import { createHash, randomBytes } from "node:crypto";
import type { AppStore } from "nexios";

const dayMs = 86_400_000;
const saltBytes = 32;
const hashCharacters = 16;

/** Whose event it is: a user of the app, a name that the sender gives, or an address with a browser. */
export type Visitor = readonly ["user", id: string] | readonly ["name", name: string] | readonly ["address", address: string, agent: string];

/** A day's salt, the same on each process; one of a day that is over is thrown away, and with it the way from a hash to an address. */
export class Salts {
  readonly #store: Pick<AppStore, "transaction">;
  #known: { readonly day: number; readonly salt: Promise<string> } | undefined;

  constructor(store: Pick<AppStore, "transaction">) {
    this.#store = store;
  }

  /** @throws NexiosError UNAVAILABLE */
  of(now: number): Promise<string> {
    const day = Math.floor(now / dayMs);
    if (this.#known?.day === day) return this.#known.salt;
    const known = { day, salt: this.#load(day) };
    this.#known = known;
    known.salt.catch(() => {
      if (this.#known === known) this.#known = undefined;
    });
    return known.salt;
  }

  /** Throws away those of days that are over, where nobody has asked for a new one. */
  async forget(now: number): Promise<void> {
    const day = Math.floor(now / dayMs);
    if (this.#known !== undefined && this.#known.day < day) this.#known = undefined;
    await this.#store.transaction((tx) => tx.query("delete from activity_salt where day < ?", [day]));
  }

  #load(day: number): Promise<string> {
    return this.#store.transaction(async (tx) => {
      await tx.query("delete from activity_salt where day < ?", [day]);
      await tx.query("insert into activity_salt (day, salt) values (?, ?) on conflict (day) do nothing", [day, randomBytes(saltBytes).toString("base64url")]);
      const { rows } = await tx.query("select salt from activity_salt where day = ?", [day]);
      return String(rows[0]?.["salt"]);
    });
  }
}

/** What is kept of a visitor: of two days, or of two sites, nobody can tell that it is the same one. */
export function hashVisitor(visitor: Visitor, { salt, site }: { readonly salt: string; readonly site: string }): string {
  return createHash("sha256")
    .update(JSON.stringify([salt, site, ...visitor]))
    .digest("base64url")
    .slice(0, hashCharacters);
}
