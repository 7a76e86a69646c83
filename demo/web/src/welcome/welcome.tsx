import { Link } from "wouter";
import { en } from "../messages/en.ts";
import { PageTitle } from "../shell/page-title.tsx";
import { AnotherPerson } from "../people/another-person.tsx";

const rooms = [
  { name: "control", href: "/control" },
  { name: "chat", href: "/chat" },
  { name: "lots", href: undefined },
  { name: "desk", href: undefined },
  { name: "inbox", href: undefined },
] as const;

/** What the Saleroom is, and which of its rooms are open. */
export function Welcome({ name }: { name: string }) {
  return (
    <div className="welcome">
      <PageTitle title={en.nav.welcome}>
        <bdi>{en.welcome.title(name)}</bdi>
      </PageTitle>
      <p className="lead">{en.welcome.lead}</p>
      <section>
        <h2>{en.welcome.rooms}</h2>
        <ol className="catalogue">
          {rooms.map((room) => (
            <Room key={room.name} {...room} />
          ))}
        </ol>
      </section>
      <aside>
        <h2>{en.welcome.two}</h2>
        <p>{en.welcome.twoLead}</p>
        <AnotherPerson path="/chat" />
      </aside>
    </div>
  );
}

function Room({ name, href }: (typeof rooms)[number]) {
  const [title, text] = en.welcome.catalogue[name];
  return (
    <li data-open={href !== undefined}>
      <div>
        <h3>{href === undefined ? title : <Link href={href}>{title}</Link>}</h3>
        <p>{text}</p>
      </div>
      <span className="tag">{href === undefined ? en.welcome.prepared : en.welcome.open}</span>
    </li>
  );
}

/** For an address that no room has. */
export function Missing({ path }: { path: string }) {
  return (
    <div className="welcome">
      <PageTitle title={en.missing.title} />
      <p className="lead">
        <bdi>{en.missing.lead(path)}</bdi>
      </p>
      <p>
        <Link href="/">{en.missing.back}</Link>
      </p>
    </div>
  );
}
