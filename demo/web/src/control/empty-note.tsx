import { Fragment, useState } from "react";
import { en } from "../messages/en.ts";

/** Why there is so little to see, and the one command that changes it. */
export function EmptyNote({ isEmpty }: { isEmpty: boolean }) {
  const { empty } = en.control;
  const [isCopied, setCopied] = useState(false);
  const parts = empty.command(location.origin);
  const copy = () =>
    navigator.clipboard.writeText(parts.join(" ")).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <div className="empty">
      <p>
        <strong>{isEmpty ? empty.none : empty.few}</strong> {empty.fill}
      </p>
      <p className="command">
        <code>
          {parts.map((part) => (
            <Fragment key={part}>
              <span>{part}</span>{" "}
            </Fragment>
          ))}
        </code>
        {/* Only secure pages may write to the clipboard; elsewhere a click on the command selects all of it. */}
        {window.isSecureContext && (
          <button type="button" className="button small" onClick={() => void copy()}>
            {isCopied ? empty.copied : empty.copy}
          </button>
        )}
      </p>
    </div>
  );
}
