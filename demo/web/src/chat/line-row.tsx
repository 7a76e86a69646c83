import { memo } from "react";
import { en } from "../messages/en.ts";
import type { LineRowFacts } from "./chat-rows.ts";
import { formatDay, formatMinute } from "./format-moment.ts";

/** The house itself, as the server calls its rooms. */
const houseId = "nexios";

interface Props {
  readonly row: LineRowFacts;
  readonly selfId: string | undefined;
  readonly isLive: boolean;
}

/** One line: who, what, and when or how far it is. Texts and names are written by strangers: they are text, and isolated. */
export const LineRow = memo(
  function LineRow({ row: { line, goesOn }, selfId, isLive }: Props) {
    const { by, text, at } = line;
    const isOwn = by.id === selfId;
    const name = by.id === houseId ? en.chat.house : by.name;
    return (
      <li className="chat-line" data-own={isOwn} data-state={at === 0 ? "expected" : "said"} data-goes-on={goesOn}>
        <span className="chat-by">
          <bdi>{name}</bdi> {isOwn && <span className="you">{en.people.you}</span>}
        </span>
        <span className="chat-text">
          <bdi>{text}</bdi>
        </span>
        {at === 0 ? (
          <span className="chat-at">{isLive && "isSent" in line && line.isSent ? en.chat.sending : en.chat.waits}</span>
        ) : (
          <time className="chat-at" dateTime={new Date(at).toISOString()} title={formatDay(at)}>
            {formatMinute(at)}
          </time>
        )}
      </li>
    );
  },
  (before, after) =>
    before.row.line === after.row.line && before.row.goesOn === after.row.goesOn && before.selfId === after.selfId && before.isLive === after.isLive,
);
