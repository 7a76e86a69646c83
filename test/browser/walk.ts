import { lookAt } from "./look.ts";
import type { Person } from "./person.ts";

/** Several people who go through the same states at the same time, on screens of several widths. */
export interface Walk {
  /** The same for everybody, at the same time. */
  readonly all: (act: (person: Person, index: number) => Promise<unknown>) => Promise<void>;
  /** What is wrong with a state, on any of the screens. */
  readonly lookAtAll: (state: string) => Promise<readonly string[]>;
}

/** `people`: who they are, once they are there. */
export function walkOf(people: () => readonly Person[]): Walk {
  return {
    async all(act) {
      await Promise.all(people().map(act));
    },
    async lookAtAll(state) {
      return (await Promise.all(people().map((person) => lookAt(person, state)))).flat();
    },
  };
}
