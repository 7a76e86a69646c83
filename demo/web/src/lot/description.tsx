import { useLayoutEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { descriptionWords as words } from "../messages/en-description.ts";
import { createLazyPart } from "../shell/lazy-part.tsx";

/** What is written of a lot at the desk, and who is at it. */
export interface LiveText {
  readonly text: string;
  readonly writers: readonly string[];
}

interface Props {
  readonly lotId: string;
  /** What the lot was listed with: it stands there until the desk's text has come, and where there is none. */
  readonly about: string;
  readonly canWrite: boolean;
}

// The page does not wait for it: what merges texts is larger than all the rest of it.
const LiveDescription = createLazyPart<{ readonly lotId: string; readonly onChange: (live: LiveText) => void }>(
  async () => (await import("./live-description.tsx")).LiveDescription,
);

/** What a lot is, as it is being written. It keeps the height that it had at first, so that nothing beneath it moves while others write: the rest is shown when it is asked for. */
export function Description({ lotId, about, canWrite }: Props) {
  const [live, setLive] = useState<LiveText>();
  const [isWhole, setIsWhole] = useState(false);
  const [isCut, setIsCut] = useState(false);
  const [lines, setLines] = useState<number>();
  const text = live?.text ?? about;
  const part = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => {
    const shown = part.current;
    if (shown === null) return;
    if (lines === undefined) setLines(Math.round(shown.offsetHeight / parseFloat(getComputedStyle(shown).lineHeight)));
    else if (!isWhole) setIsCut(text !== "" && isCutIn(shown));
  }, [text, lines, isWhole]);
  useLayoutEffect(() => {
    const shown = part.current;
    if (shown === null || lines === undefined || isWhole || text === "") return;
    // In a narrower window the same text takes more lines.
    const observer = new ResizeObserver(() => setIsCut(isCutIn(shown)));
    observer.observe(shown);
    return () => observer.disconnect();
  }, [text, lines, isWhole]);
  const isHeld = lines !== undefined && !isWhole;
  return (
    <div>
      <p ref={part} className="lot-about" data-held={isHeld} style={isHeld ? { WebkitLineClamp: lines, blockSize: `${lines}lh` } : undefined}>
        {text === "" && live !== undefined ? <span className="note">{words.empty}</span> : text}
      </p>
      <div className="lot-about-bar">
        {live !== undefined && <Link href={`/desk/${lotId}`}>{canWrite ? words.edit : words.read}</Link>}
        {isCut && (
          <button type="button" className="button small" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
            {isWhole ? words.showLess : words.showAll}
          </button>
        )}
        <p className="note">{live !== undefined && <Writers names={live.writers} />}</p>
      </div>
      <LiveDescription lotId={lotId} onChange={setLive} />
    </div>
  );
}

function isCutIn({ scrollHeight, clientHeight }: HTMLElement): boolean {
  return scrollHeight > clientHeight + 1;
}

function Writers({ names: [first, ...others] }: { readonly names: readonly string[] }) {
  if (first === undefined) return undefined;
  return (
    <>
      {words.writtenBy} <bdi>{first}</bdi> {others.length > 0 && words.others(others.length)}
    </>
  );
}
