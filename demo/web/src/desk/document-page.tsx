import { indexedDbEdits } from "nexios/collab/client";
import { type DocumentView, useDocument } from "nexios/collab/react";
import { useRoom, useRoomState } from "nexios/react";
import { useEffect } from "react";
import { Link, useParams } from "wouter";
import { desk, deskName } from "../../../rooms/desk.ts";
import { documentWords as words } from "../messages/en-document.ts";
import { en } from "../messages/en.ts";
import { Avatar } from "../people/avatar.tsx";
import { PageTitle } from "../shell/page-title.tsx";
import { hueOf } from "./document/colour-of.ts";
import { Editor } from "./document/editor.tsx";
import { RefusedText } from "./document/refused-text.tsx";

/** What an id of a room may be made of. */
const idPattern = /^[\w.:-]{1,128}$/;
const main = { deskId: deskName };
const storage = indexedDbEdits();

/** The page of one text of the catalogue, by the id in the address. */
export function DocumentPage() {
  const { id = "" } = useParams();
  return idPattern.test(id) ? <DocumentById key={id} id={id} /> : <NoDocument />;
}

function DocumentById({ id }: { readonly id: string }) {
  const view = useDocument(id, { storage });
  const { room } = useRoom(desk, main);
  const title = useRoomState(room, (texts) => texts.find((text) => text.id === id)?.title) ?? words.untitled;
  useEffect(() => {
    document.title = en.pageTitle(title);
  }, [title]);
  const { session, status, refused, forgetRefused, warning } = view;
  if (status.kind === "failed" && (status.code === "FORBIDDEN" || status.code === "NOT_FOUND")) return <NoDocument />;
  return (
    <article className="document">
      <p className="note">
        <Link href="/desk">{words.back}</Link>
      </p>
      <PageTitle title={en.nav.desk}>
        <bdi>{title}</bdi>
      </PageTitle>
      <div className="document-bar">
        <output data-state={status.kind}>{words.status(status)}</output>
        <Steps view={view} />
      </div>
      {warning !== undefined && <p className="document-warning">{words.warning(warning.found, warning.most)}</p>}
      {refused !== undefined && <RefusedText refused={refused} onDismiss={forgetRefused} />}
      {session === undefined ? <div className="document-editor" /> : <Editor session={session} />}
      <People people={view.people} />
    </article>
  );
}

function Steps({ view: { session, canWrite } }: { readonly view: DocumentView }) {
  return (
    <p className="document-steps">
      <button type="button" className="button small" disabled={!canWrite} onClick={() => session?.undo.undo()}>
        {words.undo}
      </button>
      <button type="button" className="button small" disabled={!canWrite} onClick={() => session?.undo.redo()}>
        {words.redo}
      </button>
    </p>
  );
}

function People({ people }: Pick<DocumentView, "people">) {
  return (
    <section className="document-people" aria-label={words.here(people.length)}>
      <p className="note">{words.here(people.length)}</p>
      <ul>
        {people.map(({ client, userId, name, isIdle }) => (
          <li key={client}>
            <Avatar name={name} hue={hueOf(userId)} /> <bdi>{name}</bdi> {isIdle && <span className="note">{words.idle}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function NoDocument() {
  return (
    <article className="document">
      <PageTitle title={en.nav.desk} />
      <p className="lead">{words.none}</p>
      <p>
        <Link href="/desk">{words.back}</Link>
      </p>
    </article>
  );
}
