import type { LotKind } from "nexios/auction";
import { type FormEvent, useId, useRef, useState } from "react";
import { auctionWords } from "../messages/en-auction.ts";
import { rostrumWords as words } from "../messages/en-rostrum.ts";
import type { DraftFaults } from "./draft-terms.ts";
import { FormField, FormSelect } from "./form-field.tsx";
import { currencies, type DraftField, kinds, type LotDraft, stepTables } from "./lot-draft.ts";
import { readDraft } from "./read-draft.ts";

const { fields } = words;

interface Props {
  readonly draft: LotDraft;
  readonly label: string;
  readonly isHeld: boolean;
  readonly note: { readonly kind: "problem" | "done"; readonly text: string } | undefined;
  /** Gives what is wrong, by field, or whether it was taken and the fields shall be empty again. */
  readonly onSend: (draft: LotDraft) => DraftFaults | Promise<boolean>;
}

/** The terms of a lot, as fields by its kind. The fields keep what is written; it is read when it is sent. */
export function LotForm({ draft, label, isHeld, note, onSend }: Props) {
  const [kind, setKind] = useState(draft.kind);
  const [hasOwnSteps, setOwnSteps] = useState(draft.steps === "own");
  const [faults, setFaults] = useState<DraftFaults>({});
  const form = useRef<HTMLFormElement>(null);
  // What was said of the lot before is not about this one.
  const said = Object.keys(faults).length > 0 ? undefined : note;
  const rises = kind === "english" || kind === "live";

  function send(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (isHeld) return;
    const answer = onSend(readDraft(new FormData(event.currentTarget)));
    const found = answer instanceof Promise ? {} : answer;
    setFaults(found);
    if (answer instanceof Promise) void answer.then(begin);
    const names = new Set(Object.keys(found));
    const first = Array.from(form.current?.elements ?? []).find((element) => "name" in element && names.has(String(element.name)));
    if (first instanceof HTMLElement) first.focus();
  }

  function begin(isAnew: boolean): void {
    if (!isAnew) return;
    form.current?.reset();
    setOwnSteps(draft.steps === "own");
  }

  const field = (name: DraftField & keyof typeof fields) => ({ name, label: fields[name], value: String(draft[name]), fault: faults[name] });
  return (
    <form ref={form} className="lot-form" onSubmit={send} noValidate>
      <KindSwitch kind={kind} onChoose={setKind} />
      <FormField {...field("title")} isWide maxLength={200} />
      <FormField {...field("about")} isWide rows={3} maxLength={4_000} />
      <FormSelect {...field("currency")} options={currencies.map((one) => [one, one])} />
      <FormField {...field("opening")} inputMode="decimal" />
      {kind === "dutch" ? (
        <>
          <FormField {...field("dropBy")} inputMode="decimal" />
          <FormField {...field("everySeconds")} inputMode="decimal" />
          <FormField {...field("lowest")} inputMode="decimal" />
        </>
      ) : (
        <FormField {...field("reserve")} hint={fields.reserveHint} isOptional inputMode="decimal" />
      )}
      {kind === "english" && <FormField {...field("buyNow")} isOptional inputMode="decimal" />}
      <FormField {...field("opensAt")} hint={fields.opensHint} type="datetime-local" />
      {kind !== "live" && <FormField {...field("minutes")} inputMode="decimal" />}
      {kind === "sealed" && <FormSelect {...field("pays")} options={(["second", "first"] as const).map((one) => [one, words.pays[one]])} />}
      {rises && <FormSelect {...field("steps")} options={stepTables.map((one) => [one, words.steps[one]])} onChoose={(one) => setOwnSteps(one === "own")} />}
      {kind === "english" && <FormField {...field("extendSeconds")} hint={fields.extendHint} inputMode="numeric" />}
      {rises && hasOwnSteps && <FormField {...field("ownSteps")} hint={fields.ownStepsHint} isWide rows={4} />}
      {rises && (
        <label className="check wide">
          <input type="checkbox" name="mayRetract" defaultChecked={draft.mayRetract} />
          <span>{fields.mayRetract}</span>
        </label>
      )}
      <div className="wide send">
        <button className="button primary" aria-disabled={isHeld}>
          {label}
        </button>
        <output className="box-note" data-kind={said?.kind ?? "hint"}>
          {said?.text}
        </output>
      </div>
    </form>
  );
}

function KindSwitch({ kind, onChoose }: { readonly kind: LotKind; readonly onChoose: (kind: LotKind) => void }) {
  const id = useId();
  return (
    <fieldset className="segments wide kinds">
      <legend>{fields.kind}</legend>
      <div>
        {kinds.map((one) => (
          <label key={one} htmlFor={`${id}${one}`}>
            <input id={`${id}${one}`} type="radio" name="kind" value={one} checked={one === kind} onChange={() => onChoose(one)} />
            <span>{auctionWords.kinds[one]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
