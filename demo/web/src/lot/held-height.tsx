import { type ReactNode, useLayoutEffect, useRef } from "react";

interface Props {
  /** From now on it is as high as it was before, or higher. */
  readonly isHeld: boolean;
  readonly children: ReactNode;
}

/** A part whose content is replaced while somebody looks: what stands beneath it stays in its place. */
export function HeldHeight({ isHeld, children }: Props) {
  const part = useRef<HTMLDivElement>(null);
  const height = useRef(0);
  useLayoutEffect(() => {
    if (part.current === null) return;
    if (isHeld) part.current.style.minBlockSize = `${height.current}px`;
    else height.current = part.current.offsetHeight;
  });
  return <div ref={part}>{children}</div>;
}
