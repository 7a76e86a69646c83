import { accept, refuse } from "nexios";
import { houseName } from "../../rooms/house.ts";
import { mostOperators, operators } from "../../rooms/operators.ts";
import type { MaySee } from "./may-see.ts";

/** The server's half of who is told of alerts: everybody says so for themselves. */
export function serveOperators(maySee: MaySee) {
  return operators.serve({
    authorize: (user, { house }) => house === houseName && maySee(user),
    input: {},
    decide: {
      come(people, _input, { user }) {
        if (people.includes(user.id)) return accept([]);
        return people.length < mostOperators ? accept({ kind: "came", userId: user.id }) : refuse("TOO_MANY", { limit: mostOperators });
      },
      leave: (people, _input, { user }) => accept(people.includes(user.id) ? { kind: "left", userId: user.id } : []),
    },
  });
}
