import { defineRoom, type } from "nexios/contract";

/** How many lots somebody may follow. */
export const mostFollowed = 200;

/** The lots that somebody follows without a bid: `following/{userId}`, for himself alone. */
export const following = defineRoom("following/{userId}", {
  log: "durable",
  entry: type<{ readonly kind: "followed" | "left"; readonly lotId: string }>(),
  state: type<readonly string[]>(),
  calls: {
    follow: { input: type<{ readonly lotId: string }>(), refusals: { TOO_MANY: type<{ readonly limit: number }>() } },
    leave: { input: type<{ readonly lotId: string }>() },
  },
}).fold([], (lots, { kind, lotId }) => {
  const others = lots.filter((lot) => lot !== lotId);
  return kind === "followed" ? [...others, lotId] : others;
});
