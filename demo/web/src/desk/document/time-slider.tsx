import { useId } from "react";
import { documentWords, problemWords } from "../../messages/en-document.ts";
import { whenOf } from "./when-of.ts";
import type { Past } from "./use-past.ts";

const { history: words } = documentWords;

/** All moments of a text, from the first word to now. */
export function TimeSlider({ past, said }: { readonly past: Past; readonly said: string | undefined }) {
  const id = useId();
  const { groups, isLive, newest, moment, show } = past;
  // Of a long past the oldest work may not be listed.
  const listed = groups.value ?? [];
  const oldest = Math.max(past.oldest, listed.length === 0 ? 0 : Math.min(...listed.map(({ fromCount }) => fromCount)));
  const when = whenOf(past);
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
        aria-disabled={!isLive}
        onChange={({ target }) => show(target.valueAsNumber >= newest ? undefined : { count: target.valueAsNumber, beside: moment?.beside ?? "before" })}
      />
      <p key={when} className="document-when">
        {when}
      </p>
      <output className="note document-marks">{said ?? toNote(past)}</output>
    </div>
  );
}

/** What the marks in the text say, or why there are none. */
function toNote({ groups, isLive, moment, shown: { value, isPending, problem } }: Past): string | undefined {
  if (!isLive) return words.offline;
  if (problem !== undefined) return problemWords(problem);
  if (moment === undefined) return groups.problem === undefined ? undefined : problemWords(groups.problem);
  if (isPending) return words.looking;
  if (value?.every(({ kind }) => kind === "kept") === true) return words.same;
  return moment.beside === "now" ? words.marksNow : words.marks;
}
