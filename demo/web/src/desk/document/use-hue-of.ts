import { useCallback } from "react";
import { useHouse } from "../../house/house-provider.tsx";
import { type Hue, hues } from "../../identity/identity.ts";
import { hueOfAbsent } from "./hue-of.ts";

export type HueOf = (userId: string) => Hue;

/** Everybody's colour: the one that he has chosen, as long as he is in the house. The same function in each render. */
export function useHueOf(): HueOf {
  const { room } = useHouse();
  return useCallback(
    (userId) => hues.find((hue) => hue === room.people.find((person) => person.userId === userId)?.state.colour) ?? hueOfAbsent(userId),
    [room],
  );
}
