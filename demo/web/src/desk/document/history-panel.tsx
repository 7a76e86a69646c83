import type { DocumentSession } from "nexios/collab/client";
import { documentWords } from "../../messages/en-document.ts";
import type { HistoryGroup } from "nexios/collab";
import { Avatar } from "../../people/avatar.tsx";
import { MomentTools } from "./moment-tools.tsx";
import type { Moment } from "./moments.ts";
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
  const { groups, isLive, moment, show } = past;
  const list = groups.value;
  const restoring = useRestore(session, past);
  return (
    <>
      <TimeSlider past={past} said={restoring.said} />
      <MomentTools past={past} restoring={restoring} canWrite={canWrite} />
      <div className="document-more">
        {canWrite && <NameMoment session={session} past={past} />}
        <Versions session={session} past={past} canWrite={canWrite} />
        <h3>{words.work}</h3>
        {list === undefined ? (
          groups.problem === undefined && <p className="note">{isLive ? words.looking : words.offline}</p>
        ) : list.length === 0 ? (
          <p className="note">{past.oldest === 0 ? words.none : words.forgotten}</p>
        ) : (
          <ol className="document-moments">
            {list.map((group) => (
              <li key={group.fromCount}>
                <Work
                  group={group}
                  isShown={isIn(group, moment)}
                  isLive={isLive}
                  onShow={() => show({ count: group.toCount, beside: "before", from: group.fromCount })}
                  hueOf={hueOf}
                />
              </li>
            ))}
          </ol>
        )}
      </div>
    </>
  );
}

/** What was chosen itself, or all work that the slider is in. */
function isIn({ fromCount, toCount }: HistoryGroup, moment: Moment | undefined): boolean {
  if (moment === undefined) return false;
  return moment.from === undefined ? fromCount < moment.count && moment.count <= toCount : fromCount === moment.from;
}

interface WorkProps {
  readonly group: HistoryGroup;
  readonly isShown: boolean;
  readonly isLive: boolean;
  readonly onShow: () => void;
  readonly hueOf: HueOf;
}

function Work({ group: { userId, name, to, inserted, deleted, restored }, isShown, isLive, onShow, hueOf }: WorkProps) {
  const shown = name === "" ? authors.nobody : name;
  return (
    <button type="button" className="document-moment" aria-current={isShown || undefined} aria-disabled={!isLive} onClick={onShow}>
      <Avatar name={shown} hue={hueOf(userId)} />
      <span className="document-name">
        <bdi>{shown}</bdi>
      </span>
      <span className="note">
        {words.listedAt(to)}
        {restored !== undefined && <span className="document-restored">{restored.at === undefined ? words.restored : words.restoredOf(restored.at, to)}</span>}
      </span>
      <span className="document-amount">
        <span className="hidden">{words.changed(inserted, deleted)}</span>
        <span aria-hidden="true">
          <span data-sign="plus">{words.inserted(inserted)}</span> <span data-sign="minus">{words.deleted(deleted)}</span>
        </span>
      </span>
    </button>
  );
}
