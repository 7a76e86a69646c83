import type { DocumentStatus } from "nexios/collab/client";
import { useEffect, useState } from "react";
import { statusWords } from "../../messages/en-document.ts";
import { Sign } from "./sign.tsx";
import { heardAfter, nothingHeard, toSpoken } from "./spoken.ts";

const calmMs = 400;

interface Props {
  readonly status: DocumentStatus;
  readonly waiting: number;
  readonly isReadOnly: boolean;
}

/** How the text stands, in words; those who do not see it hear what matters. */
export function StateLine({ status, waiting, isReadOnly }: Props) {
  const shown = useCalm(status);
  const words = statusWords(shown, waiting, isReadOnly);
  return (
    <>
      <p className="document-state" data-state={shown.kind}>
        <Sign of={shown.kind} /> <span key={words}>{words}</span>
      </p>
      <SpokenState status={status} />
    </>
  );
}

/** "Saved" comes back after a moment: between two letters it would blink. It is never said too early. */
function useCalm(status: DocumentStatus): DocumentStatus {
  const [isHeld, setIsHeld] = useState(false);
  const { kind } = status;
  const isHolding = kind === "saving" || (kind === "saved" && isHeld);
  if (isHolding !== isHeld) setIsHeld(isHolding);
  const isWaning = kind === "saved" && isHeld;
  useEffect(() => {
    if (!isWaning) return;
    const timer = setTimeout(() => setIsHeld(false), calmMs);
    return () => clearTimeout(timer);
  }, [isWaning]);
  return kind === "saved" && isHeld ? { kind: "saving" } : status;
}

function SpokenState({ status }: { readonly status: DocumentStatus }) {
  const [heard, setHeard] = useState(nothingHeard);
  const [said, setSaid] = useState("");
  const now = heardAfter(heard, status);
  if (now !== heard) {
    setHeard(now);
    const text = toSpoken(heard, now);
    if (text !== undefined) setSaid(text);
  }
  return <output className="hidden">{said}</output>;
}
