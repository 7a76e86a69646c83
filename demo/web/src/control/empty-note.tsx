import { Fragment, useState } from "react";
import { control as words } from "../messages/en-control.ts";

/** Why there is nothing to see in a chart, and the line of code that changes it. */
export function EmptyChart({ code }: { readonly code: string }) {
  return (
    <div className="chart-empty">
      <p>{words.charts.empty}</p>
      <code>{code}</code>
    </div>
  );
}

/** That nobody has done anything, and the one command that changes it. */
export function EmptyNote() {
  const { empty } = words;
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
        <strong>{empty.none}</strong> {empty.fill}
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
