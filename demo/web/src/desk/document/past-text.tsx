import { documentWords } from "../../messages/en-document.ts";
import type { ComparedRun } from "nexios/collab";
import type { HueOf } from "./use-hue-of.ts";

const { history: words, authors } = documentWords;

interface Props {
  readonly label: string;
  readonly runs: readonly ComparedRun[] | undefined;
  readonly hueOf: HueOf;
}

/** The text at a moment, with what was changed and by whom; it can be read and selected, not written. */
export function PastText({ label, runs, hueOf }: Props) {
  const isEmpty = runs?.every(({ text }) => text === "") ?? false;
  return (
    <section className="document-past" aria-label={label} aria-busy={runs === undefined}>
      {isEmpty && <p className="note">{words.empty}</p>}
      {runs?.map((run, at) => (
        <Run key={at} run={run} hueOf={hueOf} />
      ))}
    </section>
  );
}

function Run({ run: { kind, text, userId, name: known }, hueOf }: { readonly run: ComparedRun; readonly hueOf: HueOf }) {
  if (kind === "kept") return text;
  const name = known === "" ? authors.nobody : known;
  const Mark = kind === "inserted" ? "ins" : "del";
  return (
    <Mark data-hue={hueOf(userId)} title={name}>
      <span className="hidden">{kind === "inserted" ? words.added(name) : words.struck(name)}</span>
      {text}
    </Mark>
  );
}
