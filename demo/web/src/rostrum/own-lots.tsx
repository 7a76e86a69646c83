import { sale } from "nexios/auction";
import { useClient, useRoom, useRoomState } from "nexios/react";
import { useIdentity } from "../identity/identity-store.ts";
import { LotRow } from "../lots/lot-row.tsx";
import { isOwnLot, mainSale } from "../lots/own-lot.ts";
import { rostrumWords as words } from "../messages/en-rostrum.ts";
import { useLineState } from "../people/line-state.ts";
import { PageTitle } from "../shell/page-title.tsx";
import { type DraftFaults, toTerms } from "./draft-terms.ts";
import { emptyDraft, type LotDraft } from "./lot-draft.ts";
import { LotForm } from "./lot-form.tsx";
import { useListing } from "./use-listing.ts";

/** The lots that one has listed, and a form for one more. */
export function OwnLots() {
  const userId = useIdentity()?.userId;
  const cards = useRoomState(useRoom(sale, mainSale).room);
  const own = cards?.filter(({ lotId }) => isOwnLot(lotId, userId)).toReversed() ?? [];
  const next = Math.max(0, ...(cards ?? []).map(({ number }) => number)) + 1;
  return (
    <div className="rostrum">
      <PageTitle title={words.title} />
      <p className="lead">{words.lead}</p>
      <section>
        <h2>{words.list}</h2>
        <NewLot userId={userId ?? ""} number={next} isKnown={cards !== undefined} />
      </section>
      <section className="rostrum-own">
        <h2>{words.own}</h2>
        {own.length === 0 ? (
          <p className="lots-empty">{cards !== undefined && words.none}</p>
        ) : (
          <ol className="lots-list">
            {own.map((card) => (
              <LotRow key={card.lotId} card={card} isOwn={false} place="rostrum" />
            ))}
          </ol>
        )}
      </section>
    </div>
  );
}

function NewLot({ userId, number, isKnown }: { readonly userId: string; readonly number: number; readonly isKnown: boolean }) {
  const { clock } = useClient();
  const isCut = useLineState() !== "live";
  const { isSending, note, list } = useListing(words.listed);

  function send(draft: LotDraft): DraftFaults | Promise<boolean> {
    const outcome = toTerms(draft, { now: Math.round(clock.now()), sellerId: userId, sale: { id: mainSale.saleId, number } });
    if (outcome.kind === "faults") return outcome.faults;
    const lotId = `${userId}.${Math.round(clock.now()).toString(36)}`;
    return list(lotId, outcome.terms, outcome.secret);
  }

  return (
    <LotForm
      draft={emptyDraft}
      label={isSending ? words.sending : words.send}
      isHeld={isSending || isCut || !isKnown}
      note={isCut ? { kind: "problem", text: words.desk.why.line } : note}
      onSend={send}
    />
  );
}
