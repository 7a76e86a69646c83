import type { DocumentView } from "nexios/collab/react";
import { useCallback, useEffect, useRef, useState } from "react";
import { documentWords as words } from "../../messages/en-document.ts";
import { createLazyPart } from "../../shell/lazy-part.tsx";
import { AuthorsPanel } from "./authors-panel.tsx";
import { Editor, type EditorHandle } from "./editor.tsx";
import { bringBeginToFreePart } from "./free-part.ts";
import { Here } from "./here.tsx";
import { Panel, type PanelName } from "./panel.tsx";
import { PastText } from "./past-text.tsx";
import { PlainArea } from "./plain-area.tsx";
import { PlainSwitch } from "./plain-switch.tsx";
import { RefusedText } from "./refused-text.tsx";
import { RestoredLine } from "./restored-line.tsx";
import { StateLine } from "./state-line.tsx";
import { Tools } from "./tools.tsx";
import { useAuthors } from "./use-authors.ts";
import { useGoToChange } from "./use-go-to-change.ts";
import { useHueOf } from "./use-hue-of.ts";
import { usePast } from "./use-past.ts";
import { usePlain } from "./use-plain.ts";
import { useReadOnly } from "./use-read-only.ts";
import { useRestores } from "./use-restores.ts";
import { whenOf } from "./when-of.ts";

const HistoryPanel = createLazyPart(async () => (await import("./history-panel.tsx")).HistoryPanel);

interface Props {
  readonly id: string;
  readonly view: DocumentView;
  /** Its lot is not over. */
  readonly isOpen: boolean;
}

/** A text, how it stands, who is here, and its past. */
export function Writing({ id, view, isOpen }: Props) {
  const { session, status, canWrite, people, text, warning, refused, moreRefused, forgetRefused } = view;
  const [panel, setPanel] = useState<PanelName>();
  const [isPlain, setIsPlain] = usePlain();
  const [atCaret, setAtCaret] = useState<string>();
  const onCaretAuthor = useCallback((name: string | undefined) => setAtCaret(name), []);
  const hueOf = useHueOf();
  const authors = useAuthors(session, panel === "authors");
  const past = usePast(session, panel === "history");
  const restores = useRestores(session);
  const isReadOnly = useReadOnly(status) || !isOpen;
  const whyReadOnly = isReadOnly ? words.whyReadOnly(id, isOpen) : undefined;
  // Ahead: without a connection it can't be fetched any more.
  useEffect(() => HistoryPanel.preload(), []);
  const paper = useRef<HTMLDivElement>(null);
  useGoToChange(past, paper);
  useEffect(() => {
    // What opens over the lower part of a low window leaves something of the text.
    if (panel !== undefined && paper.current !== null) bringBeginToFreePart(paper.current);
  }, [panel]);
  const editor = useRef<EditorHandle>(null);
  const isPast = past.moment !== undefined;
  const { show } = past;
  const choose = useCallback(
    (next: PanelName | undefined) => {
      setPanel(next);
      // Whoever looks at the past no more sees the present.
      show(undefined);
    },
    [show],
  );
  const close = useCallback(() => choose(undefined), [choose]);
  return (
    <div className="document-desk" data-panel-open={panel}>
      <div className="document-bar">
        <StateLine status={status} waiting={session?.waiting ?? 0} isReadOnly={isReadOnly} />
        <Tools view={view} isPast={isPast} panel={panel} onPanel={choose} />
      </div>
      <div className="document-side">
        <Here session={session} people={people} text={text} hueOf={hueOf} />
        {session !== undefined && panel === "history" && (
          <Panel name={panel} more={words.history.unfold} onClose={close}>
            <HistoryPanel session={session} past={past} canWrite={canWrite} hueOf={hueOf} />
          </Panel>
        )}
        {authors !== undefined && panel === "authors" && (
          <Panel name={panel} onClose={close}>
            <AuthorsPanel authors={authors} atCaret={atCaret} isPlain={isPlain} hueOf={hueOf} />
          </Panel>
        )}
      </div>
      <div ref={paper} className="document-paper">
        <div className="document-above">
          <div>
            <p key={String(isPast)} className="note">
              {isPast ? words.history.past(whenOf(past)) : whyReadOnly}
            </p>
            <RestoredLine restores={restores} isHistoryShown={panel === "history"} />
          </div>
          <PlainSwitch isPlain={isPlain} onChange={setIsPlain} />
        </div>
        {isPast && (
          <PastText
            key={past.shown.key}
            label={words.history.region(whenOf(past))}
            runs={past.shown.value}
            problem={past.isLive ? undefined : words.history.offline}
            hueOf={hueOf}
          />
        )}
        <div hidden={isPast}>
          {session === undefined ? (
            <div className="document-frame" />
          ) : isPlain ? (
            <PlainArea ref={editor} session={session} canWrite={canWrite} text={text} people={people} />
          ) : (
            <Editor ref={editor} session={session} canWrite={canWrite} hueOf={hueOf} authors={authors} onCaretAuthor={onCaretAuthor} />
          )}
        </div>
        <div className="document-notices">
          {warning !== undefined && <p className="document-warning">{words.warning(warning.limit, warning.found, warning.most)}</p>}
          {session !== undefined && refused !== undefined && (
            <RefusedText
              refused={refused}
              more={moreRefused}
              most={session.limits.characters}
              whyReadOnly={whyReadOnly}
              onDismiss={() => {
                forgetRefused();
                editor.current?.focus();
              }}
            />
          )}
        </div>
      </div>
    </div>
  );
}
