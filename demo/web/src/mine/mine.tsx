import { account, type Account, type LotCard, sale } from "nexios/auction";
import { useRoom, useRoomState } from "nexios/react";
import { Link } from "wouter";
import { useIdentity } from "../identity/identity-store.ts";
import { Freshness } from "../lots/freshness.tsx";
import { mainSale } from "../lots/own-lot.ts";
import { mineWords as words } from "../messages/en-mine.ts";
import { en } from "../messages/en.ts";
import { PageTitle } from "../shell/page-title.tsx";
import { Held } from "./held.tsx";
import { NoteRow } from "./note-row.tsx";
import { groupNotes, groups } from "./note-groups.ts";

/** Where one has bid, how one stands there, and what of one's money is held. */
export function Mine() {
  const identity = useIdentity();
  const { room, status } = useRoom(account, identity === undefined ? null : { userId: identity.userId });
  const state = useRoomState(room);
  const cards = useRoomState(useRoom(sale, mainSale).room);
  return (
    <div className="lots mine">
      <PageTitle title={en.nav.mine} />
      <p className="lead">{words.lead}</p>
      {status.kind === "refused" && <p role="alert">{words.refused}</p>}
      {state === undefined ? <Bones /> : <Standings state={state} cards={cards ?? []} isStale={status.kind !== "live"} />}
    </div>
  );
}

/** The place of what is not known yet. */
function Bones() {
  return (
    <div className="mine-bones" aria-busy="true">
      <span className="bone lots-bone-bar" />
    </div>
  );
}

interface Props {
  readonly state: Account;
  readonly cards: readonly LotCard[];
  readonly isStale: boolean;
}

function Standings({ state, cards, isStale }: Props) {
  const notes = groupNotes(state.lots);
  return (
    <>
      <div className="lots-bar">
        <Held state={state} />
        <Freshness isStale={isStale} />
      </div>
      {state.lots.length === 0 && (
        <p className="lots-empty">
          {words.empty} <Link href="/">{words.find}</Link>
        </p>
      )}
      {groups
        .filter((group) => notes[group].length > 0)
        .map((group) => (
          <section key={group}>
            <h2>{words.groups[group]}</h2>
            <ol className="lots-list">
              {notes[group].map((note) => (
                <NoteRow key={note.lotId} note={note} card={cards.find(({ lotId }) => lotId === note.lotId)} />
              ))}
            </ol>
          </section>
        ))}
    </>
  );
}
