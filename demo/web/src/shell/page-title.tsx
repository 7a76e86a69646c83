import { type ReactNode, useEffect, useRef } from "react";
import { en } from "../messages/en.ts";

let isFirstPage = true;

/** The heading of a page. On each further page the focus goes to it: a screen reader then says where one is. */
export function PageTitle({ title, children }: { title: string; children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = en.pageTitle(title);
    if (!isFirstPage) heading.current?.focus({ preventScroll: true });
    if (!isFirstPage) window.scrollTo(0, 0);
    isFirstPage = false;
  }, [title]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children ?? title}
    </h1>
  );
}
