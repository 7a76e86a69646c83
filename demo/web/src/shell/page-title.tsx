import { type ReactNode, useEffect, useRef } from "react";
import { en } from "../messages/en.ts";

/** The page whose heading was shown last, and whether it was given the focus. */
let shown: string | undefined;
let isFocused = false;

/** The heading of a page. On each further page the focus goes to it: a screen reader then says where one is. */
export function PageTitle({ title, children }: { title: string; children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = en.pageTitle(title);
    const page = `${location.pathname} ${title}`;
    const isFurther = shown !== undefined && shown !== page;
    if (isFurther) window.scrollTo(0, 0);
    // A page whose code came late takes over from its place holder, which had the focus.
    const isSuccessor = isFocused && document.activeElement === document.body;
    if (isFurther || isSuccessor) heading.current?.focus({ preventScroll: true });
    isFocused = isFurther || isSuccessor;
    shown = page;
  }, [title]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children ?? title}
    </h1>
  );
}
