import { defineRoom, type } from "nexios/contract";

/** How many may be told of alerts. */
export const mostOperators = 200;

/** Who is told of the house's alerts in their inbox: `operators/{house}`. Ids alone, in the order in which they came. */
export const operators = defineRoom("operators/{house}", {
  log: "durable",
  entry: type<{ readonly kind: "came" | "left"; readonly userId: string }>(),
  state: type<readonly string[]>(),
  calls: {
    /** Has oneself told. */
    come: { refusals: { TOO_MANY: type<{ readonly limit: number }>() } },
    leave: {},
  },
}).fold([], (people, { kind, userId }) => {
  const others = people.filter((one) => one !== userId);
  return kind === "came" ? [...others, userId] : others;
});
