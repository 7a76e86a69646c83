import type { DocumentSession } from "nexios/collab/client";
import { useCall } from "nexios/react";
import { useId, useState } from "react";
import { documentWords, problemWords } from "../../messages/en-document.ts";
import { areSame } from "./moments.ts";
import type { Past } from "./use-past.ts";

const { history: words } = documentWords;
const longest = 80;

/** Gives a moment a name; the present one, if no other is looked at. */
export function NameMoment({ session, past: { groups, isLive, newest, moment } }: { readonly session: DocumentSession; readonly past: Past }) {
  const id = useId();
  const [name, setName] = useState("");
  const [said, setSaid] = useState("");
  const { call, pending, refusal, error, reset } = useCall(session.room, "name");
  const given = name.trim();
  const problem = refusal?.code ?? error?.code;
  const count = moment?.count;

  async function keep(): Promise<void> {
    if (given === "" || pending || !isLive) return;
    setSaid("");
    const versions = session.room.confirmedState?.versions ?? [];
    if (versions.some((version) => version.name === given && areSame(groups.value ?? [], version.count, count ?? newest))) {
      reset();
      return setSaid(words.isNamed);
    }
    const outcome = await call({ name: given, ...(count !== undefined && { count }) });
    if (outcome?.kind !== "accepted") return;
    setSaid(words.named(given));
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
        <output>{problem === undefined ? said : problemWords(problem)}</output>
      </div>
      <input
        id={id}
        value={name}
        maxLength={longest}
        autoComplete="off"
        onChange={({ target }) => {
          setName(target.value);
          setSaid("");
        }}
      />
      <button type="submit" className="button" aria-disabled={given === "" || pending || !isLive}>
        {words.nameIt}
      </button>
    </form>
  );
}
