import { Link } from "wouter";
import { en } from "../messages/en.ts";
import { about } from "../messages/en-about.ts";
import { AnotherPerson } from "../people/another-person.tsx";
import { PageTitle } from "../shell/page-title.tsx";

const rooms = [
  { name: "lots", href: "/" },
  { name: "mine", href: "/mine" },
  { name: "rostrum", href: "/rostrum" },
  { name: "control", href: "/control" },
  { name: "chat", href: "/chat" },
  { name: "desk", href: undefined },
  { name: "inbox", href: undefined },
] as const;

/** What the Saleroom is, and which of its rooms are open. */
export function About() {
  return (
    <div className="welcome">
      <PageTitle title={en.nav.about}>{about.title}</PageTitle>
      <p className="lead">{about.lead}</p>
      <section>
        <h2>{about.rooms}</h2>
        <ol className="catalogue">
          {rooms.map((room) => (
            <Room key={room.name} {...room} />
          ))}
        </ol>
      </section>
      <aside>
        <h2>{about.two}</h2>
        <p>{about.twoLead}</p>
        <AnotherPerson path="/" />
      </aside>
    </div>
  );
}

function Room({ name, href }: (typeof rooms)[number]) {
  const [title, text] = about.catalogue[name];
  return (
    <li data-open={href !== undefined}>
      <div>
        <h3>{href === undefined ? title : <Link href={href}>{title}</Link>}</h3>
        <p>{text}</p>
      </div>
      <span className="tag">{href === undefined ? about.prepared : about.open}</span>
    </li>
  );
}
