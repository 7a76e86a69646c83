import { Link } from "wouter";
import { useTalk } from "../house/house-provider.tsx";
import { en } from "../messages/en.ts";

/** The rooms, and how much waits to be read. */
export function Navigation({ path }: { readonly path: string }) {
  return (
    <nav aria-label={en.nav.label}>
      <RoomLink href="/" path={path} label={en.nav.lots} />
      <RoomLink href="/mine" path={path} label={en.nav.mine} />
      <RoomLink href="/rostrum" path={path} label={en.nav.rostrum} />
      <RoomLink href="/desk" path={path} label={en.nav.desk} />
      <RoomLink href="/control" path={path} label={en.nav.control} />
      <ChatLink path={path} />
    </nav>
  );
}

function ChatLink({ path }: { readonly path: string }) {
  const unread = useTalk((talk) => talk.unread);
  const count = path === "/chat" ? 0 : unread;
  return (
    <Link href="/chat" aria-current={path === "/chat" ? "page" : undefined}>
      {en.nav.chat}{" "}
      {count > 0 && (
        <span className="badge">
          {en.nav.badge(count)}
          <span className="hidden">{en.nav.unread(count)}</span>
        </span>
      )}
    </Link>
  );
}

function RoomLink({ href, path, label }: { readonly href: string; readonly path: string; readonly label: string }) {
  return (
    <Link href={href} aria-current={href === path ? "page" : path.startsWith(href === "/" ? "/lots/" : `${href}/`) ? "true" : undefined}>
      {label}
    </Link>
  );
}
