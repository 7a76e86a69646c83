import type { DocumentSession } from "nexios/collab/client";
import { documentWords } from "../../messages/en-document.ts";
import type { HistoryGroup } from "nexios/collab";
import { MomentTools } from "./moment-tools.tsx";
import { NameMoment } from "./name-moment.tsx";
import { TimeSlider } from "./time-slider.tsx";
import type { HueOf } from "./use-hue-of.ts";
import type { Past } from "./use-past.ts";
import { useRestore } from "./use-restore.ts";
import { Versions } from "./versions.tsx";

const { history: words, authors } = documentWords;

interface Props {
  readonly session: DocumentSession;
  readonly past: Past;
  readonly canWrite: boolean;
  readonly hueOf: HueOf;
}

/** Who worked on the text when, and the way to each moment and back. */
export function HistoryPanel({ session, past, canWrite, hueOf }: Props) {
  const { groups, moment, show } = past;
  const restoring = useRestore(session, past);
  const list = groups.value;
  return (
    <>
      <TimeSlider past={past} said={restoring.said} />
      <MomentTools past={past} restoring={restoring} canWrite={canWrite} />
      {canWrite && <NameMoment session={session} count={past.moment?.count} />}
      <Versions session={session} past={past} />
      <h3>{words.work}</h3>
      {list === undefined ? (
        groups.problem === undefined && <p className="note">{words.looking}</p>
      ) : list.length === 0 ? (
        <p className="note">{words.none}</p>
      ) : (
        <ol className="document-moments">
          {list.map((group) => (
            <li key={group.fromCount}>
              <Work group={group} isShown={isIn(group, moment?.count)} onShow={() => show({ count: group.toCount, beside: "before" })} hueOf={hueOf} />
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

function isIn({ fromCount, toCount }: HistoryGroup, count: number | undefined): boolean {
  return count !== undefined && fromCount < count && count <= toCount;
}

interface WorkProps {
  readonly group: HistoryGroup;
  readonly isShown: boolean;
  readonly onShow: () => void;
  readonly hueOf: HueOf;
}

function Work({ group: { userId, name, to, inserted, deleted }, isShown, onShow, hueOf }: WorkProps) {
  return (
    <button type="button" className="document-moment" aria-current={isShown || undefined} onClick={onShow}>
      <span className="document-dot" data-hue={hueOf(userId)} aria-hidden="true" />
      <span className="document-name">
        <bdi>{name === "" ? authors.nobody : name}</bdi>
      </span>
      <span className="note">{words.listedAt(to)}</span>
      <span className="document-amount">
        <span className="hidden">{words.changed(inserted, deleted)}</span>
        <span aria-hidden="true">
          <span data-sign="plus">{words.inserted(inserted)}</span> <span data-sign="minus">{words.deleted(deleted)}</span>
        </span>
      </span>
    </button>
  );
}
