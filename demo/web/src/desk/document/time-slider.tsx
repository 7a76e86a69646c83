import { useId } from "react";
import { documentWords, problemWords } from "../../messages/en-document.ts";
import { whenOf } from "./when-of.ts";
import type { Past } from "./use-past.ts";

const { history: words } = documentWords;

/** All moments of a text, from the first word to now. */
export function TimeSlider({ past }: { readonly past: Past }) {
  const id = useId();
  const { groups, newest, moment, show, shown } = past;
  const oldest = groups.value?.at(-1)?.fromCount ?? 0;
  const when = whenOf(past);
  const isEqual = moment !== undefined && !shown.isPending && shown.value?.every(({ kind }) => kind === "kept") === true;
  return (
    <div className="document-time">
      <label htmlFor={id} className="note">
        {words.slider}
      </label>
      <input
        id={id}
        type="range"
        min={oldest}
        max={Math.max(newest, oldest + 1)}
        value={moment?.count ?? Math.max(newest, oldest + 1)}
        aria-valuetext={when}
        onChange={({ target }) => show(target.valueAsNumber >= newest ? undefined : { count: target.valueAsNumber, beside: moment?.beside ?? "before" })}
      />
      <p key={when} className="document-when">
        {when}
      </p>
      <p className="note document-marks">
        {shown.problem !== undefined
          ? problemWords(shown.problem)
          : moment !== undefined && (shown.isPending ? words.looking : isEqual ? words.same : moment.beside === "now" ? words.marksNow : words.marks)}
      </p>
    </div>
  );
}
