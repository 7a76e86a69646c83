import type { Auction, SecretTerms, Terms } from "nexios/auction";
import type { ClientRoom } from "nexios/client";
import { useClient } from "nexios/react";
import { useEffect, useState } from "react";
import { mainSale } from "../lots/own-lot.ts";
import { rostrumWords as words } from "../messages/en-rostrum.ts";
import { useLineState } from "../people/line-state.ts";
import { type DraftFaults, toTerms } from "./draft-terms.ts";
import { type LotDraft, toDraft } from "./lot-draft.ts";
import { LotForm } from "./lot-form.tsx";
import { useListing } from "./use-listing.ts";

interface Props {
  readonly lotId: string;
  readonly room: ClientRoom<Auction>;
  readonly terms: Terms;
}

/** Changes a lot until somebody bids. */
export function EditLot({ lotId, room, terms }: Props) {
  const { clock } = useClient();
  const isCut = useLineState() !== "live";
  const { isSending, note, list } = useListing(words.changed);
  const secret = useSecret(room, isCut);
  const [isOpen, setOpen] = useState(false);

  function send(draft: LotDraft): DraftFaults | Promise<boolean> {
    const sale = terms.sale ?? { id: mainSale.saleId, number: 1 };
    const outcome = toTerms(draft, { now: Math.round(clock.now()), sellerId: secret?.sellerId ?? "", sale });
    if (outcome.kind === "faults") return outcome.faults;
    return list(lotId, outcome.terms, outcome.secret).then(() => false);
  }

  return (
    <details className="edit" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {words.edit} <span className="note">{words.editHint}</span>
      </summary>
      {isOpen && secret !== undefined && (
        <LotForm draft={toDraft(terms, secret)} label={isSending ? words.sending : words.sendEdit} isHeld={isSending || isCut} note={note} onSend={send} />
      )}
    </details>
  );
}

/** What only the auctioneer may know, once the server has told it. */
function useSecret(room: ClientRoom<Auction>, isCut: boolean): SecretTerms | undefined {
  const [secret, setSecret] = useState<SecretTerms>();
  useEffect(() => {
    if (isCut) return undefined;
    const asking = new AbortController();
    room.ask("secret", undefined, { signal: asking.signal }).then(
      (answer) => answer.kind === "answered" && setSecret(answer.value),
      // Without it there is no form; it is asked for again when the connection is back.
      () => undefined,
    );
    return () => asking.abort();
  }, [room, isCut]);
  return secret;
}
