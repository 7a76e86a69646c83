import { useHouse } from "../house/house-provider.tsx";
import { en } from "../messages/en.ts";
import { focusField, setDraft } from "./draft.ts";
import { toWords } from "./problem-words.ts";
import type { ReturnedLine } from "../talk/talk-view.ts";

/** A line that does not stand in the talk, why, and what can be done. */
export function ReturnedRow({ line: { id, text, problem } }: { readonly line: ReturnedLine }) {
  const { talk } = useHouse();
  const take = (then: () => void): void => {
    talk.take(id);
    then();
    focusField();
  };
  return (
    <li className="chat-line" data-own="true" data-state="returned">
      <span className="chat-by">{en.chat.notSaid}</span>
      <span className="chat-text">
        <bdi>{text}</bdi>
        <span className="chat-problem">{toWords(problem)}</span>
        <span className="chat-ways">
          <Way label={en.chat.again} onPress={() => take(() => talk.say(text))} />
          <Way label={en.chat.mend} onPress={() => take(() => setDraft(text))} />
          <Way label={en.chat.discard} onPress={() => take(() => {})} />
        </span>
      </span>
    </li>
  );
}

function Way({ label, onPress }: { readonly label: string; readonly onPress: () => void }) {
  return (
    <button type="button" className="button small" onClick={onPress}>
      {label}
    </button>
  );
}
