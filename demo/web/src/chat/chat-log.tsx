import { useConnection } from "nexios/react";
import { useCallback, useLayoutEffect, useState, useSyncExternalStore } from "react";
import { useHouse } from "../house/house-provider.tsx";
import { en } from "../messages/en.ts";
import { toRows } from "./chat-rows.ts";
import { LineRow } from "./line-row.tsx";
import { ReturnedRow } from "./returned-row.tsx";
import { ScrollKeeper } from "./scroll-keeper.ts";
import type { TalkView } from "../talk/talk-view.ts";

const bones = [38, 64, 27, 51];

/** All that was said, as far back as was asked for: it opens at its end, stays there while lines come, and holds its place when older ones come before it. */
export function ChatLog({ view }: { readonly view: TalkView }) {
  const { user, kind } = useConnection();
  const { transcript, expected, reading, returned, isKnown } = view;
  const [keeper] = useState(() => new ScrollKeeper());
  const attach = useCallback((element: HTMLElement | null) => keeper.attach(element), [keeper]);
  const { isAtEnd, readTo } = useSyncExternalStore(keeper.onChange, keeper.read);
  const first = transcript.lines[0]?.number ?? 0;
  const last = transcript.lines.at(-1)?.number ?? 0;
  const own = expected.length;
  const mark = reading.mark?.after;
  // Before the paint: nothing is seen where it will not stay.
  useLayoutEffect(() => keeper.follow({ first, last, own, mark }), [keeper, first, last, own, mark]);
  const rows = toRows([...transcript.lines, ...expected], reading.mark);
  const isEmpty = isKnown && rows.length === 0 && returned.length === 0;
  return (
    <div className="chat-frame">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- What scrolls must be reached with the keyboard. */}
      <div ref={attach} className="chat-log" role="log" aria-live="off" aria-label={en.chat.log} aria-busy={!isKnown} tabIndex={0}>
        {isKnown && <Past view={view} />}
        {isEmpty && <p className="chat-empty">{en.chat.empty}</p>}
        <ol>
          {!isKnown && bones.map((width) => <Bone key={width} width={width} />)}
          {rows.map((row) =>
            row.kind === "mark" ? (
              <li key="mark" className="chat-mark">
                <span>{en.chat.mark(row.count)}</span>
              </li>
            ) : (
              <LineRow key={row.line.number} row={row} selfId={user?.id} isLive={kind === "live"} />
            ),
          )}
          {returned.map((line) => (
            <ReturnedRow key={line.id} line={line} />
          ))}
        </ol>
      </div>
      {!isAtEnd && (
        <button type="button" className="button small chat-newer" onClick={() => keeper.toEnd()}>
          {last > readTo ? en.chat.newer(last - readTo) : en.chat.toEnd}
        </button>
      )}
    </div>
  );
}

/** What is before the oldest line that is here. */
function Past({ view: { past, transcript, reading } }: { readonly view: TalkView }) {
  const { talk } = useHouse();
  const first = transcript.lines[0]?.number ?? 1;
  const isMarkBefore = reading.mark !== undefined && reading.mark.after < first - 1;
  return (
    <div className="chat-past">
      {reading.isAnew && <p className="note">{en.chat.anew}</p>}
      {past !== "end" && (
        <button type="button" className="button small" aria-disabled={past === "asking"} onClick={() => void talk.earlier()}>
          {past === "asking" ? en.chat.asking : en.chat.earlier}
        </button>
      )}
      {past === "failed" && <p className="note">{en.chat.pastFailed}</p>}
      {past === "end" && transcript.lines.length > 0 && <p className="note">{first === 1 ? en.chat.start : en.chat.pastGone}</p>}
      {isMarkBefore && reading.mark !== undefined && <p className="chat-mark">{en.chat.mark(reading.mark.upTo - reading.mark.after)}</p>}
    </div>
  );
}

function Bone({ width }: { readonly width: number }) {
  return (
    <li className="chat-line">
      <span className="bone" />
      <span className="bone" style={{ inlineSize: `${width}%` }} />
    </li>
  );
}
