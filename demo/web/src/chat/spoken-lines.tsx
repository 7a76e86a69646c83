import { useConnection } from "nexios/react";
import { useEffect, useState } from "react";
import { useHouse } from "../house/house-provider.tsx";
import { en } from "../messages/en.ts";
import { Spoken } from "./spoken.ts";

/** Says what others say to those who do not see it, politely and not too often. */
export function SpokenLines() {
  const { room } = useHouse();
  const { user } = useConnection();
  const [said, setSaid] = useState("");
  useEffect(() => {
    const spoken = new Spoken({
      after: (delayMs, run) => {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
      say: (lines) => {
        const last = lines.at(-1);
        if (last !== undefined) setSaid(lines.length === 1 ? en.chat.spoken(last.by.name, last.text) : en.chat.spokenMany(lines.length, last.by.name));
      },
    });
    const cancel = room.onEntry(({ value }) => {
      if (value.by.id !== user?.id) spoken.add(value);
    });
    return () => {
      cancel();
      spoken.close();
    };
  }, [room, user?.id]);
  return <output className="hidden">{said}</output>;
}
