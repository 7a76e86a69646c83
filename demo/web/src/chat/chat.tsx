import { useEffect } from "react";
import { useHouse, useTalk } from "../house/house-provider.tsx";
import { en } from "../messages/en.ts";
import { useLineState } from "../people/line-state.ts";
import { PeopleList, usePeople } from "../people/people-list.tsx";
import { AnotherPerson } from "../people/another-person.tsx";
import { PageTitle } from "../shell/page-title.tsx";
import { ChatLog } from "./chat-log.tsx";
import { Composer } from "./composer.tsx";
import { SpokenLines } from "./spoken-lines.tsx";

/** What is said in the house, by everybody and to everybody. */
export function Chat() {
  const { talk } = useHouse();
  const view = useTalk((whole) => whole);
  useEffect(() => {
    const show = (): void => talk.show(document.visibilityState === "visible");
    show();
    document.addEventListener("visibilitychange", show);
    return () => {
      document.removeEventListener("visibilitychange", show);
      talk.show(false);
    };
  }, [talk]);
  return (
    <div className="chat">
      <div className="chat-talk">
        <PageTitle title={en.chat.title} />
        <ChatLog view={view} />
        <Composer view={view} />
        <SpokenLines />
      </div>
      <Neighbours />
    </div>
  );
}

/** The same list as behind the header's button; where there is room it stands open. */
function Neighbours() {
  const people = usePeople();
  const isLive = useLineState() === "live";
  return (
    <aside className="chat-people people-list" aria-labelledby="chat-people-title">
      <h2 id="chat-people-title">{isLive ? en.people.title : en.people.titleOld}</h2>
      <PeopleList people={people} count={people.length} />
      <AnotherPerson path="/chat" />
    </aside>
  );
}
