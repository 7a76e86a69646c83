import { type ReactNode, useCallback, useEffect, useId, useRef, useState } from "react";
import { documentWords as words } from "../../messages/en-document.ts";
import { Sign } from "./sign.tsx";

/** What can be opened beside a text. */
export const panels = ["history", "authors"] as const;
export type PanelName = (typeof panels)[number];

interface Props {
  readonly name: PanelName;
  /** What has a part that small windows show only when it is asked for calls it so. */
  readonly more?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Something beside the text; in a small window a sheet over its lower part, folded to what one needs while one looks at the text. Escape closes it, and gives the focus back to what opened it. */
export function Panel({ name, more, onClose, children }: Props) {
  const id = useId();
  const [isFolded, setIsFolded] = useState(true);
  const panel = useRef<HTMLElement>(null);
  const close = useCallback(() => {
    onClose();
    document.querySelector<HTMLElement>(`[data-panel="${name}"]`)?.focus();
  }, [name, onClose]);
  useEffect(() => {
    // Whatever in it has the focus, the key belongs to all of it.
    const onKey = ({ key }: KeyboardEvent): void => void (key === "Escape" && close());
    const { current } = panel;
    current?.addEventListener("keydown", onKey);
    return () => current?.removeEventListener("keydown", onKey);
  }, [close]);
  return (
    <section ref={panel} className="document-panel" data-panel-name={name} data-folded={more !== undefined && isFolded} aria-labelledby={id}>
      <div className="document-panel-head">
        <h2 id={id}>{words.panels[name]}</h2>
        {more !== undefined && (
          <button
            type="button"
            className="button small document-step document-fold"
            title={more}
            aria-expanded={!isFolded}
            onClick={() => setIsFolded(!isFolded)}
          >
            <Sign of={isFolded ? "unfold" : "fold"} />
            <span className="hidden">{more}</span>
          </button>
        )}
        <button type="button" className="button small document-step" title={words.close} onClick={close}>
          <Sign of="close" />
          <span className="hidden">{words.close}</span>
        </button>
      </div>
      <div className="document-panel-body">{children}</div>
    </section>
  );
}
