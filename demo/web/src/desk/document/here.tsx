import type { DocumentPerson, DocumentSession } from "nexios/collab/client";
import { useConnection } from "nexios/react";
import { documentWords } from "../../messages/en-document.ts";
import { Avatar } from "../../people/avatar.tsx";
import { paragraphAt } from "./paragraph-at.ts";
import type { HueOf } from "./use-hue-of.ts";
import { WhatChanged } from "./what-changed.tsx";

const { here: words } = documentWords;
const most = 6;

interface Props {
  readonly session: DocumentSession | undefined;
  readonly people: readonly DocumentPerson[];
  readonly text: string;
  readonly hueOf: HueOf;
}

/** Who is in this text, oneself first, each in the colour of his caret. */
export function Here({ session, people, text, hueOf }: Props) {
  const { user } = useConnection();
  const others = onceEach(people);
  return (
    <section className="document-here" aria-label={words.title}>
      <h2>{words.title}</h2>
      <WhatChanged session={session} ownId={user?.id} />
      <ul>
        {user !== undefined && (
          <li>
            <Avatar name={user.name} hue={hueOf(user.id)} />
            <span className="document-name">
              <bdi>{user.name}</bdi> <span className="you">{words.you}</span>
            </span>
          </li>
        )}
        {others.slice(0, most - 1).map(({ userId, name, cursor, isIdle }) => (
          <li key={userId} data-idle={isIdle}>
            <Avatar name={name} hue={hueOf(userId)} />
            <span className="document-name">
              <bdi>{name}</bdi>
            </span>
            <Doing person={{ cursor, isIdle }} text={text} />
          </li>
        ))}
        {others.length >= most && <li className="note">{words.more(others.length - most + 1)}</li>}
      </ul>
      {others.length === 0 && session !== undefined && user !== undefined && <p className="note">{words.alone}</p>}
    </section>
  );
}

/** Another element for other words: one that only grew wider would jump. */
function Doing({ person: { cursor, isIdle }, text }: { readonly person: Pick<DocumentPerson, "cursor" | "isIdle">; readonly text: string }) {
  const doing = isIdle ? words.idle : cursor === undefined ? words.reads : words.paragraph(paragraphAt(text, cursor.head));
  return (
    <span key={doing} className="note">
      {doing}
    </span>
  );
}

/** Somebody with two pages is one: he is where he writes. */
function onceEach(people: readonly DocumentPerson[]): readonly DocumentPerson[] {
  const found = new Map<string, DocumentPerson>();
  for (const person of people) {
    const known = found.get(person.userId);
    if (known === undefined || (known.cursor === undefined && person.cursor !== undefined)) found.set(person.userId, person);
  }
  return [...found.values()];
}
