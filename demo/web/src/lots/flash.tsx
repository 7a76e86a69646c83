import { useState } from "react";

/** A number that somebody reads: it is set anew where it stands, and its ground lights up once; not for the value that it begins with. */
export function Flash({ text, className = "" }: { readonly text: string; readonly className?: string }) {
  const [first] = useState(text);
  return (
    <span key={text} className={text === first ? className : `${className} lit`}>
      {text}
    </span>
  );
}
