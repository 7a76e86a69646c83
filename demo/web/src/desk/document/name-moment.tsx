import type { DocumentSession } from "nexios/collab/client";
import { useCall } from "nexios/react";
import { useId, useState } from "react";
import { documentWords, problemWords } from "../../messages/en-document.ts";

const { history: words } = documentWords;
const longest = 80;

/** Gives a moment a name; the present one, if no other is looked at. */
export function NameMoment({ session, count }: { readonly session: DocumentSession; readonly count: number | undefined }) {
  const id = useId();
  const [name, setName] = useState("");
  const [kept, setKept] = useState("");
  const { call, pending, refusal, error } = useCall(session.room, "name");
  const given = name.trim();
  const problem = refusal?.code ?? error?.code;

  async function keep(): Promise<void> {
    if (given === "" || pending) return;
    setKept("");
    const outcome = await call({ name: given, ...(count !== undefined && { count }) });
    if (outcome?.kind !== "accepted") return;
    setKept(given);
    setName("");
  }

  return (
    <form
      className="document-form"
      onSubmit={(event) => {
        event.preventDefault();
        void keep();
      }}
    >
      <div className="note">
        <label htmlFor={id}>{count === undefined ? words.nameNow : words.name}</label>
        <output>{problem === undefined ? kept !== "" && words.named(kept) : problemWords(problem)}</output>
      </div>
      <input id={id} value={name} maxLength={longest} autoComplete="off" onChange={({ target }) => setName(target.value)} />
      <button type="submit" className="button" aria-disabled={given === "" || pending}>
        {words.nameIt}
      </button>
    </form>
  );
}
