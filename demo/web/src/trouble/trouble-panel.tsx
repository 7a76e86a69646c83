import { type ReactNode, useEffect, useId, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useHouse } from "../house/house-provider.tsx";
import { en } from "../messages/en.ts";
import { pageClock } from "../network/page-clock.ts";
import { askForTrouble, readServerTrouble, type ServerTrouble } from "./ask-for-trouble.ts";
import { network } from "../network/page-network.ts";
import { useFaults } from "./trouble-corner.tsx";
import { TroubleMaker } from "./trouble-maker.ts";
import { TroubleReport } from "./trouble-report.tsx";

const cutSeconds = [3, 10, 30] as const;
const usualCut = 10;
const slowMs = 1_500;

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** What can be broken, and what came of it. It stays while it is closed, and goes on taking down. */
export function TroublePanel({ isOpen, onClose }: Props) {
  const maker = useMaker();
  const records = useSyncExternalStore(
    (listener) => maker.onChange(listener),
    () => maker.records,
  );
  const { cutUntil, delayMs } = useFaults();
  const server = useServer(isOpen);
  const [seconds, setSeconds] = useState<number>(usualCut);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (isOpen) title.current?.focus();
  }, [isOpen]);
  const { actions } = en.trouble;
  return (
    <>
      <div className="trouble-head">
        <h2 ref={title} tabIndex={-1}>
          {en.trouble.title}
        </h2>
        <button type="button" className="button small" onClick={onClose}>
          {en.trouble.close}
        </button>
      </div>
      <p className="note">{en.trouble.lead}</p>
      <ul className="trouble-actions">
        <Action label={actions.cut} isOff={cutUntil !== undefined} onPress={() => maker.cut(seconds * 1_000)}>
          <select aria-label={actions.cutFor} value={seconds} onChange={(event) => setSeconds(Number(event.target.value))}>
            {cutSeconds.map((each) => (
              <option key={each} value={each}>
                {actions.seconds(String(each))}
              </option>
            ))}
          </select>
          {actions.cutNote}
        </Action>
        <Action label={actions.slow} isPressed={delayMs > 0} onPress={() => network.slow(delayMs > 0 ? 0 : slowMs)}>
          {actions.slowNote}
        </Action>
        <Action label={actions.lose} isOff={cutUntil !== undefined} onPress={() => void maker.loseMessage()}>
          {actions.loseNote}
        </Action>
        <Action label={actions.restart} isOff={server?.canRestart !== true} onPress={() => void maker.restartServer()}>
          {server?.canRestart === false ? actions.noRestart : actions.restartNote}
        </Action>
      </ul>
      <TroubleReport record={records[0]} cutUntil={cutUntil} />
    </>
  );
}

interface ActionProps {
  readonly label: string;
  /** Does nothing now; what stands beside it says why. */
  readonly isOff?: boolean;
  readonly isPressed?: boolean;
  readonly onPress: () => void;
  readonly children: ReactNode;
}

function Action({ label, isOff = false, isPressed, onPress, children }: ActionProps) {
  const noteId = useId();
  return (
    <li>
      <button type="button" className="button" aria-disabled={isOff} aria-pressed={isPressed} aria-describedby={noteId} onClick={() => isOff || onPress()}>
        {label}
      </button>
      <span id={noteId} className="note">
        {children}
      </span>
    </li>
  );
}

function useMaker(): TroubleMaker {
  const { room, talk } = useHouse();
  const maker = useMemo(
    () =>
      new TroubleMaker({
        room,
        talk,
        network,
        clock: pageClock,
        ask: askForTrouble,
        wake: () => dispatchEvent(new Event("online")),
        readProcess: async () => (await readServerTrouble())?.process,
      }),
    [room, talk],
  );
  useEffect(() => maker.start(), [maker]);
  return maker;
}

/** What the server can do, asked each time that the panel is opened. */
function useServer(isOpen: boolean): ServerTrouble | undefined {
  const [server, setServer] = useState<ServerTrouble>();
  useEffect(() => {
    if (isOpen) void readServerTrouble().then(setServer);
  }, [isOpen]);
  return server;
}
