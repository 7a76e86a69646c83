import { useCallback, useState } from "react";
import { useHouse } from "../../house/house-provider.tsx";
import { type Hue, hues } from "../../identity/identity.ts";
import { useIdentity } from "../../identity/identity-store.ts";
import { freeHue, hueOfAbsent } from "./hue-of.ts";

export type HueOf = (userId: string) => Hue;

/**
 * Everybody's colour in one text: the one that he has chosen, if nobody came before him with the same. It stays as long as the text is shown. The same function in each
 * render.
 */
export function useHueOf(): HueOf {
  const { room } = useHouse();
  const own = useIdentity();
  // Oneself comes first: one's own colour stands at the head of each page.
  const [given] = useState(() => new Map<string, Hue>(own && [[own.userId, own.hue]]));
  return useCallback(
    (userId) => {
      const known = given.get(userId);
      if (known !== undefined) return known;
      const chosen = hues.find((hue) => hue === room.people.find((person) => person.userId === userId)?.state.colour);
      const hue = freeHue(chosen ?? hueOfAbsent(userId), new Set(given.values()));
      given.set(userId, hue);
      return hue;
    },
    [room, given],
  );
}
