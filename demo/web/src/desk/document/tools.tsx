import type { DocumentView } from "nexios/collab/react";
import { documentWords as words } from "../../messages/en-document.ts";
import { type PanelName, panels } from "./panel.tsx";
import { Sign } from "./sign.tsx";

interface Props {
  readonly view: Pick<DocumentView, "session" | "canWrite">;
  /** The past is looked at, which nobody changes. */
  readonly isPast: boolean;
  readonly panel: PanelName | undefined;
  readonly onPanel: (panel: PanelName | undefined) => void;
}

/** What one does with a text but writing it. */
export function Tools({ view: { session, canWrite }, isPast, panel, onPanel }: Props) {
  const isOpen = session !== undefined && canWrite && !isPast;
  return (
    <div className="document-tools">
      <Step kind="undo" isPossible={isOpen && session.undo.canUndo} onStep={() => session?.undo.undo()} />
      <Step kind="redo" isPossible={isOpen && session.undo.canRedo} onStep={() => session?.undo.redo()} />
      {panels.map((name) => (
        <button
          key={name}
          type="button"
          className="button small"
          data-panel={name}
          aria-expanded={panel === name}
          aria-disabled={session === undefined}
          onClick={() => session && onPanel(panel === name ? undefined : name)}
        >
          <Sign of={name} />
          {words.panels[name]}
        </button>
      ))}
    </div>
  );
}

interface StepProps {
  readonly kind: "undo" | "redo";
  readonly isPossible: boolean;
  readonly onStep: () => void;
}

function Step({ kind, isPossible, onStep }: StepProps) {
  return (
    <button type="button" className="button small document-step" title={words[kind]} aria-disabled={!isPossible} onClick={() => isPossible && onStep()}>
      <Sign of={kind} />
      <span className="hidden">{words[kind]}</span>
    </button>
  );
}
