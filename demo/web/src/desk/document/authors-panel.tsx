import { documentWords, problemWords } from "../../messages/en-document.ts";
import { Avatar } from "../../people/avatar.tsx";
import { sharesOf } from "./shares.ts";
import type { Authors } from "./use-authors.ts";
import type { HueOf } from "./use-hue-of.ts";

const { authors: words } = documentWords;

interface Props {
  readonly authors: Authors;
  /** Whose the passage at the caret is. */
  readonly atCaret: string | undefined;
  readonly isPlain: boolean;
  readonly hueOf: HueOf;
}

/** The names to the colours, and how much of the text is whose. */
export function AuthorsPanel({ authors: { runs, problem }, atCaret, isPlain, hueOf }: Props) {
  return (
    <>
      {problem !== undefined && <p className="note">{problemWords(problem)}</p>}
      {runs === undefined ? (
        problem === undefined && <p className="note">{words.looking}</p>
      ) : runs.length === 0 ? (
        <p className="note">{words.none}</p>
      ) : (
        <ul className="document-shares">
          {sharesOf(runs).map(({ userId, name, percent }) => (
            <li key={userId}>
              <Avatar name={name === "" ? words.nobody : name} hue={hueOf(userId)} />
              <span className="document-name">
                <bdi>{name === "" ? words.nobody : name}</bdi>
              </span>
              <span key={percent}>{words.percent(percent)}</span>
            </li>
          ))}
        </ul>
      )}
      {runs !== undefined && <output className="note">{isPlain ? words.plain : atCaret === undefined ? words.hint : words.atCaret(atCaret)}</output>}
    </>
  );
}
