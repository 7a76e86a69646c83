import { en } from "../messages/en.ts";

/** `noopener` gives the new tab a session of its own; without it the copy would be the same person. */
export function AnotherPerson({ path }: { readonly path: string }) {
  return (
    <div>
      <a className="button" href={path} target="_blank" rel="noopener">
        {en.person.another}
        <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M6 3.5H3.5v9h9V10M9 3.5h3.5V7M12.5 3.5 7.5 8.5" />
        </svg>
      </a>
      <p className="note">{en.person.anotherHint}</p>
    </div>
  );
}
