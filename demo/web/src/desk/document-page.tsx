import { indexedDbEdits } from "nexios/collab/client";
import { useDocument } from "nexios/collab/react";
import { useRoom, useRoomState } from "nexios/react";
import { useEffect } from "react";
import { Link, useParams } from "wouter";
import { desk, deskName, type DeskText } from "../../../rooms/desk.ts";
import { documentWords as words } from "../messages/en-document.ts";
import { en } from "../messages/en.ts";
import { PageTitle } from "../shell/page-title.tsx";
import { Writing } from "./document/writing.tsx";

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
  const texts = useRoomState(room);
  const listed = texts?.find((text) => text.id === id);
  const { status } = view;
  if (status.kind === "failed" && (status.code === "FORBIDDEN" || status.code === "NOT_FOUND")) return <NoDocument />;
  return (
    <article className="document">
      <Head listed={listed} isKnown={texts !== undefined} />
      <Writing id={id} view={view} isOpen={listed?.isOpen ?? true} />
    </article>
  );
}

function Head({ listed, isKnown }: { readonly listed: DeskText | undefined; readonly isKnown: boolean }) {
  const title = listed?.title ?? (isKnown ? words.untitled : undefined);
  useEffect(() => {
    if (title !== undefined) document.title = en.pageTitle(title);
  }, [title]);
  return (
    <header className="document-head">
      <p className="note">
        <Link href="/desk">{words.back}</Link>
        {listed !== undefined && listed.number > 0 && ` · ${words.number(listed.number)}`}
      </p>
      <PageTitle title={en.nav.desk}>
        {title === undefined ? (
          <>
            <span className="hidden">{words.untitled}</span>
            <span className="bone document-bone-title" />
          </>
        ) : (
          <bdi>{title}</bdi>
        )}
      </PageTitle>
    </header>
  );
}

function NoDocument() {
  return (
    <article className="document-none">
      <PageTitle title={en.nav.desk} />
      <p className="lead">{words.none}</p>
      <p>
        <Link href="/desk">{words.back}</Link>
      </p>
    </article>
  );
}
