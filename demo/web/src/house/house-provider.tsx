import type { ClientRoom } from "nexios/client";
import { RealtimeProvider, useClient, useRoom } from "nexios/react";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useSyncExternalStore } from "react";
import { house, type House, houseName, type Page } from "../../../rooms/house.ts";
import { HouseTalk } from "../talk/house-talk.ts";
import { tabMemory } from "../talk/reading-memory.ts";
import type { TalkView } from "../talk/talk-view.ts";
import type { Hue } from "../identity/identity.ts";
import { houseClient } from "../realtime/house-client.ts";

interface InHouse {
  readonly room: ClientRoom<House>;
  readonly talk: HouseTalk;
}

const HouseContext = createContext<InHouse | undefined>(undefined);

const place = { house: houseName };

interface Props {
  readonly colour: Hue;
  readonly page: Page;
  readonly children: ReactNode;
}

/** Is in the house while it is shown, and says where: the room and its talk are there for every page. */
export function HouseProvider(props: Props) {
  return (
    <RealtimeProvider client={houseClient()}>
      <Joined {...props} />
    </RealtimeProvider>
  );
}

function Joined({ colour, page, children }: Props) {
  const client = useClient();
  const { room } = useRoom(house, place, {
    presence: { colour, page },
    expect: { say: (_talk, { text }, self) => ({ text, at: 0, by: self ?? { id: "", name: "" } }) },
  });
  const inHouse = useMemo(() => ({ room, talk: new HouseTalk(room, { memory: tabMemory, isConnected: () => client.status.kind === "live" }) }), [client, room]);
  useEffect(() => inHouse.talk.start(), [inHouse]);
  return <HouseContext.Provider value={inHouse}>{children}</HouseContext.Provider>;
}

/** The house that one is in. */
export function useHouse(): InHouse {
  const inHouse = useContext(HouseContext);
  if (inHouse === undefined) throw new TypeError("There is no <HouseProvider> around this component");
  return inHouse;
}

/** What the chat shows, or a part of it: renders when that changes. */
export function useTalk<Part>(select: (view: TalkView) => Part): Part {
  const { talk } = useHouse();
  return useSyncExternalStore(
    (listener) => talk.onChange(listener),
    () => select(talk.view),
  );
}
