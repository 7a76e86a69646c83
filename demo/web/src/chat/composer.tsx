import { useConnection } from "nexios/react";
import { type FormEvent, type KeyboardEvent, useEffect, useId, useState } from "react";
import { bounds, judgeText, type TextProblem, toText } from "../../../rooms/house.ts";
import { formatCount } from "../control/format.ts";
import { useHouse } from "../house/house-provider.tsx";
import { en } from "../messages/en.ts";
import { focusField, readDraft, setDraft, setField, useDraft } from "./draft.ts";
import { toWords } from "./problem-words.ts";
import type { SayProblem, TalkView } from "../talk/talk-view.ts";

/** The limit is named when so few characters are left. */
const fewLeft = 100;

/** Where one writes. What the house refuses comes back into the field, if nothing else stands there by then. */
export function Composer({ view }: { readonly view: TalkView }) {
  const fieldId = useId();
  const noteId = useId();
  const draft = useDraft();
  const [problem, setProblem] = useState<SayProblem | TextProblem>();
  const { talk } = useHouse();
  useEffect(
    () =>
      talk.offerReturned(({ text, problem: refusal }) => {
        if (refusal.kind !== "refused" || readDraft() !== "") return false;
        setDraft(text);
        setProblem(refusal);
        focusField();
        return true;
      }),
    [talk],
  );

  function submit(event: FormEvent): void {
    event.preventDefault();
    const text = toText(draft);
    const found = judgeText(text);
    setProblem(found);
    focusField();
    if (found !== undefined) return;
    setDraft("");
    talk.say(text);
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    // Enter also ends the choice of a character, where characters are chosen.
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) submit(event);
  }

  return (
    <form className="chat-form" onSubmit={submit} noValidate>
      <label className="hidden" htmlFor={fieldId}>
        {en.chat.field}
      </label>
      <textarea
        id={fieldId}
        ref={setField}
        rows={1}
        value={draft}
        placeholder={en.chat.field}
        enterKeyHint="send"
        autoComplete="off"
        aria-describedby={noteId}
        aria-invalid={problem !== undefined}
        onChange={(event) => {
          setDraft(event.target.value);
          setProblem(undefined);
        }}
        onKeyDown={onKeyDown}
      />
      <button className="button primary">{en.chat.send}</button>
      <p className="chat-note">
        <Note id={noteId} problem={problem} view={view} />
        <Left draft={draft} />
      </p>
    </form>
  );
}

interface NoteProps {
  readonly id: string;
  readonly problem: SayProblem | TextProblem | undefined;
  readonly view: TalkView;
}

function Note({ id, problem, view: { expected, returned } }: NoteProps) {
  const { kind } = useConnection();
  const waits = expected.length > 0 && kind !== "live" ? en.chat.waiting(expected.length) : undefined;
  const news = waits ?? (returned.length > 0 ? en.chat.returned(returned.length) : undefined);
  return (
    <output id={id} className={`note ${problem === undefined ? (news === undefined ? "" : "news") : "problem"}`}>
      {problem === undefined ? (news ?? en.chat.hint) : toWords(problem)}
    </output>
  );
}

function Left({ draft }: { readonly draft: string }) {
  const left = bounds.characters - Array.from(toText(draft)).length;
  return left > fewLeft ? null : <span className="note">{left < 0 ? en.chat.over(formatCount(-left)) : en.chat.left(formatCount(left))}</span>;
}
