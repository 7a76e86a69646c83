import { useRoom, useRoomState } from "nexios/react";
import { useState } from "react";
import { Link } from "wouter";
import { desk, deskName, type DeskText } from "../../../rooms/desk.ts";
import { Freshness } from "../lots/freshness.tsx";
import { deskWords as words } from "../messages/en-desk.ts";
import { en } from "../messages/en.ts";
import { PageTitle } from "../shell/page-title.tsx";
import { endedOf, inReadingOrder } from "./reading-order.ts";
import { TextRow } from "./text-row.tsx";

const main = { deskId: deskName };
const bones = [0, 1, 2, 3, 4, 5];

/** The catalogue's texts, all from the desk's own room: no document is joined for the list. */
export function Desk() {
  const { room, status } = useRoom(desk, main);
  const texts = useRoomState(room);
  return (
    <div className="lots">
      <PageTitle title={en.nav.desk}>{words.title}</PageTitle>
      <p className="lead">
        {words.lead} <Link href="/rostrum">{words.begin}</Link>
      </p>
      {status.kind === "refused" && <p role="alert">{words.refused}</p>}
      <div className="lots-bar" aria-busy={texts === undefined}>
        {texts !== undefined && <Freshness isStale={status.kind !== "live"} />}
      </div>
      {texts?.length === 0 ? (
        <p className="lots-empty">{words.empty}</p>
      ) : (
        <ol className="lots-list">{texts === undefined ? bones.map((key) => <Bone key={key} />) : <Rows texts={texts} isLive={status.kind === "live"} />}</ol>
      )}
    </div>
  );
}

/** A lot that ends stays where it is until the list is opened again: nothing moves under a finger. What comes before the list is live is how it was once. */
function Rows({ texts, isLive }: { readonly texts: readonly DeskText[]; readonly isLive: boolean }) {
  const [ended, setEnded] = useState<ReturnType<typeof endedOf>>();
  if (isLive && ended === undefined) setEnded(endedOf(texts));
  return inReadingOrder(texts, ended ?? endedOf(texts)).map((text) => <TextRow key={text.id} text={text} />);
}

/** A row as it will be, before anything is known. */
function Bone() {
  return (
    <li className="lot-row" aria-hidden="true">
      <span className="bone lots-bone-title" />
    </li>
  );
}
