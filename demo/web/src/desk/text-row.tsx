import { useServerNow } from "nexios/react";
import { memo } from "react";
import { Link } from "wouter";
import type { DeskText } from "../../../rooms/desk.ts";
import { deskWords as words } from "../messages/en-desk.ts";
import { editedText } from "./edited-text.ts";

/** One text of the catalogue. */
export const TextRow = memo(function TextRow({ text: { id, number, title, isOpen, characters, edited } }: { readonly text: DeskText }) {
  return (
    <li className="lot-row text-row" data-over={!isOpen}>
      <span className="lot-number">{number === 0 ? "" : number}</span>
      <div className="lot-name">
        <h2>
          <Link href={`/desk/${id}`}>
            <bdi>{title}</bdi>
          </Link>
        </h2>
        <p className="note">{edited === undefined ? words.unwritten : <Edited {...edited} />}</p>
      </div>
      <p className="text-facts">
        <span key={String(isOpen)} className="note">
          {isOpen ? words.open : words.readOnly}
        </span>
        <span key={characters}>{words.characters(characters)}</span>
      </p>
    </li>
  );
});

function Edited({ at, by }: { readonly at: number; readonly by: string }) {
  const { now } = useServerNow();
  const text = editedText(at, now);
  return (
    <span key={`${text} ${by}`}>
      {text} <bdi>{by}</bdi>
    </span>
  );
}
