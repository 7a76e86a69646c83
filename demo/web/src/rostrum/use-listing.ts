import { auction, type SecretTerms, type Terms } from "nexios/auction";
import { useClient } from "nexios/react";
import { useState } from "react";
import { rostrumWords as words } from "../messages/en-rostrum.ts";
import { formatClock } from "../lots/time-text.ts";
import { codeOf } from "./failure-code.ts";

interface Listing {
  readonly isSending: boolean;
  readonly note: { readonly kind: "problem" | "done"; readonly text: string } | undefined;
  /** Resolves with true when the lot stands in the catalogue. */
  readonly list: (lotId: string, terms: Terms, secret: SecretTerms) => Promise<boolean>;
}

/** Lists a lot, or lists it anew; `done`: what is said then. */
export function useListing(done: string): Listing {
  const client = useClient();
  const [isSending, setSending] = useState(false);
  const [note, setNote] = useState<Listing["note"]>();

  async function list(lotId: string, terms: Terms, secret: SecretTerms): Promise<boolean> {
    const room = client.room(auction, { lotId });
    // Nobody may be in the lot's room yet: it is held while the call is under way.
    const release = room.hold();
    setSending(true);
    setNote(undefined);
    try {
      const outcome = await room.call("list", { terms, secret });
      if (outcome.kind !== "refused") {
        setNote({ kind: "done", text: done });
        return true;
      }
      const { refusals } = words;
      const text =
        outcome.code === "INVALID_TERMS"
          ? refusals.INVALID_TERMS(outcome.data.fault)
          : outcome.code === "CLOSED"
            ? `${refusals.CLOSED} ${formatClock(outcome.data.closesAt)}`
            : refusals[outcome.code];
      setNote({ kind: "problem", text });
    } catch (error) {
      setNote({ kind: "problem", text: words.failed(codeOf(error)) });
    } finally {
      release();
      setSending(false);
    }
    return false;
  }
  return { isSending, note, list };
}
