import { type FormEvent, useId, useRef, useState } from "react";
import { type Hue, hues, nameLimit, suggestName, toName } from "../identity/identity.ts";
import { setIdentity } from "../identity/identity-store.ts";
import { requestSession } from "../identity/session.ts";
import { en } from "../messages/en.ts";
import { Mark } from "../shell/mark.tsx";
import { PageTitle } from "../shell/page-title.tsx";

/** The one screen before the rooms: a name, a colour, a button. */
export function FirstRun() {
  const field = useRef<HTMLInputElement>(null);
  const form = useFirstRun(() => field.current?.focus());
  const nameId = useId();
  const noteId = useId();
  return (
    <main className="first">
      <p className="brand">
        <Mark />
        {en.brand}
      </p>
      <PageTitle title={en.first.title} />
      <p className="lead">{en.first.lead}</p>
      <form onSubmit={form.submit} noValidate>
        <label htmlFor={nameId}>{en.first.name}</label>
        <input
          id={nameId}
          ref={field}
          value={form.name}
          maxLength={nameLimit}
          autoComplete="off"
          enterKeyHint="go"
          spellCheck={false}
          aria-describedby={noteId}
          aria-invalid={form.problem !== undefined}
          onChange={(event) => form.rename(event.target.value)}
        />
        <output className={form.problem === undefined ? "note" : "note problem"} id={noteId}>
          {form.problem ?? en.first.nameHint}
        </output>
        <fieldset className="hues">
          <legend>{en.first.colour}</legend>
          <div>
            {hues.map((hue) => (
              <label key={hue} title={en.hues[hue]}>
                <input type="radio" name="hue" checked={hue === form.hue} onChange={() => form.recolour(hue)} aria-label={en.hues[hue]} />
                <span className="swatch" data-hue={hue} />
              </label>
            ))}
          </div>
        </fieldset>
        <button className="button primary" aria-disabled={form.isBusy}>
          {form.isBusy ? en.first.entering : en.first.enter}
        </button>
      </form>
    </main>
  );
}

function useFirstRun(onProblem: () => void) {
  const [hue, setHue] = useState<Hue>(() => hues[Math.floor(Math.random() * hues.length)] ?? 0);
  const [chance] = useState(Math.random);
  const [written, setWritten] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  // A name that nobody has touched follows the colour: "Teal Heron" in teal.
  const name = written ?? suggestName(hue, chance);

  function fail(text: string): void {
    setProblem(text);
    setBusy(false);
    onProblem();
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isBusy) return;
    const chosen = toName(name);
    if (chosen === undefined) return fail(en.first.nameMissing);
    setBusy(true);
    setProblem(undefined);
    const outcome = await requestSession(chosen, undefined);
    if (outcome.kind === "unreachable") return fail(en.first.unreachable);
    if (outcome.kind === "refused") return fail(en.first.refused(String(outcome.status)));
    const { userId, token, expiresAt } = outcome;
    setIdentity({ userId, name: chosen, hue, token, expiresAt });
  }

  return { hue, name, problem, isBusy, submit, rename: setWritten, recolour: setHue };
}
