import { documentWords as words } from "../../messages/en-document.ts";

/** Chooses between the editor and a plain text area. */
export function PlainSwitch({ isPlain, onChange }: { readonly isPlain: boolean; readonly onChange: (isPlain: boolean) => void }) {
  return (
    <button type="button" role="switch" aria-checked={isPlain} className="document-switch" title={words.plainHint} onClick={() => onChange(!isPlain)}>
      <span className="document-switch-track" aria-hidden="true" />
      {words.plain}
    </button>
  );
}
