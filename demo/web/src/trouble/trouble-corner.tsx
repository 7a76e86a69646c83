import { type RefObject, useEffect, useEffectEvent, useId, useRef, useState, useSyncExternalStore } from "react";
import { en } from "../messages/en.ts";
import { createLazyPart } from "../shell/lazy-part.tsx";
import { network } from "../network/page-network.ts";

const TroublePanel = createLazyPart(async () => (await import("./trouble-panel.tsx")).TroublePanel);

/** In the corner of every page: what breaks this page's lines, so that one sees them heal. */
export function TroubleCorner() {
  const [isOpen, setOpen] = useState(false);
  const [wasOpened, setOpened] = useState(false);
  const corner = useRef<HTMLElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panelId = useId();
  const faults = useFaults();

  function toggle(): void {
    setOpened(true);
    setOpen(!isOpen);
  }

  function close(): void {
    setOpen(false);
    button.current?.focus();
  }

  // Ahead: once there is trouble, it can't be fetched any more.
  useEffect(() => TroublePanel.preload(), []);
  useEscape(corner, isOpen, close);
  const fault = faults.cutUntil === undefined ? (faults.delayMs > 0 ? "slow" : undefined) : "cut";
  return (
    <aside ref={corner} className="trouble" aria-label={en.trouble.title}>
      <button
        ref={button}
        type="button"
        className="button trouble-button"
        aria-expanded={isOpen}
        aria-controls={wasOpened ? panelId : undefined}
        data-fault={fault}
        onClick={toggle}
      >
        <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z" />
        </svg>
        {fault === undefined ? (
          en.trouble.title
        ) : (
          <>
            <span className="hidden">{en.trouble.title}: </span>
            {en.trouble.faults[fault]}
          </>
        )}
      </button>
      {wasOpened && (
        <div id={panelId} className="trouble-panel" hidden={!isOpen}>
          <TroublePanel isOpen={isOpen} onClose={close} />
        </div>
      )}
    </aside>
  );
}

/** Escape closes the corner while the focus is in it: elsewhere it is for something else. */
function useEscape(corner: RefObject<HTMLElement | null>, isOpen: boolean, close: () => void): void {
  const onEscape = useEffectEvent(close);
  useEffect(() => {
    const stop = new AbortController();
    if (isOpen) corner.current?.addEventListener("keydown", ({ key }) => key === "Escape" && onEscape(), stop);
    return () => stop.abort();
  }, [corner, isOpen]);
}

/** How this page's lines are broken now. */
export function useFaults() {
  return useSyncExternalStore(
    (listener) => network.onChange(listener),
    () => network.faults,
  );
}
