import { bindTextarea, type DocumentPerson, type DocumentSession } from "nexios/collab/client";
import { type Ref, useEffect, useImperativeHandle, useRef } from "react";
import { documentWords as words } from "../../messages/en-document.ts";
import type { EditorHandle } from "./editor.tsx";
import { paragraphAt } from "./paragraph-at.ts";

interface Props {
  readonly session: DocumentSession;
  readonly canWrite: boolean;
  readonly text: string;
  readonly people: readonly DocumentPerson[];
  readonly ref: Ref<EditorHandle>;
}

/** The text in a plain text area, which every screen reader and every phone knows. It can't show others' carets: it says where they are. */
export function PlainArea({ session, canWrite, text, people, ref }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => ({ focus: () => area.current?.focus() }), []);
  useEffect(() => {
    if (area.current !== null) return bindTextarea(session, area.current);
  }, [session]);
  const writers = people.flatMap(({ name, cursor }) => (cursor === undefined ? [] : [{ name, paragraph: paragraphAt(text, cursor.head) }]));
  const where = writers.length === 0 ? "" : words.whereOthers(writers);
  return (
    <>
      <textarea
        ref={area}
        className="document-plain"
        aria-label={words.text}
        placeholder={canWrite ? words.empty : words.emptyRead}
        autoCapitalize="sentences"
        spellCheck
      />
      <p key={where} className="note document-where">
        {where}
      </p>
    </>
  );
}
