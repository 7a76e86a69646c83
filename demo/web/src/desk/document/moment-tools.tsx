import { documentWords } from "../../messages/en-document.ts";
import type { Past } from "./use-past.ts";
import type { Restore } from "./use-restore.ts";

const { history: words } = documentWords;

interface Props {
  readonly past: Past;
  readonly restoring: Restore;
  readonly canWrite: boolean;
}

/** What one does with the moment that is looked at. Each button stays in its place: one that means another thing now keeps the focus. */
export function MomentTools({ past: { moment, isLive, show }, restoring: { isAsked, isPending, before, ask, restore }, canWrite }: Props) {
  const isNow = moment === undefined;
  const isOff = isNow || !isLive;
  const [target, label] = isAsked ? [moment?.count, words.restoreYes] : [before, words.undoRestore];
  return (
    <p className="document-buttons" aria-busy={isPending}>
      <button
        type="button"
        className="button small"
        aria-pressed={moment?.beside === "now"}
        aria-disabled={isOff}
        onClick={() => moment && show({ ...moment, beside: moment.beside === "now" ? "before" : "now" })}
      >
        {words.compare}
      </button>
      <button type="button" className="button small" aria-disabled={isNow} onClick={() => show(undefined)}>
        {words.backToNow}
      </button>
      {canWrite && (
        // A second click too quick leaves all as it is.
        <button type="button" className="button small" aria-disabled={isOff} onClick={() => !isOff && ask()}>
          {isAsked ? words.restoreNo : words.restore}
        </button>
      )}
      {canWrite && target !== undefined && (
        <button
          type="button"
          className={isAsked ? "button small document-sure" : "button small"}
          aria-disabled={!isLive}
          onClick={() => isLive && restore(target)}
        >
          {label}
        </button>
      )}
    </p>
  );
}
