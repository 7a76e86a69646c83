import { documentWords } from "../../messages/en-document.ts";
import type { ComparedRun } from "nexios/collab";
import { markOf } from "./mark-of.ts";
import type { HueOf } from "./use-hue-of.ts";

const { history: words, authors } = documentWords;

interface Props {
  readonly label: string;
  readonly runs: readonly ComparedRun[] | undefined;
  /** Why there is none, if it is not on its way. */
  readonly problem: string | undefined;
  readonly hueOf: HueOf;
}

/** The text at a moment, with what was changed and by whom; it can be read and selected, not written. */
export function PastText({ label, runs, problem, hueOf }: Props) {
  const isEmpty = runs?.every(({ text }) => text === "") ?? false;
  return (
    <section className="document-past" aria-label={label} aria-busy={runs === undefined && problem === undefined}>
      {runs === undefined && problem !== undefined && <p className="note">{problem}</p>}
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
    <Mark className="document-mark" data-hue={hueOf(userId)} data-initials={markOf(name)} title={name}>
      <span className="hidden">{kind === "inserted" ? words.added(name) : words.struck(name)}</span>
      {text}
    </Mark>
  );
}
