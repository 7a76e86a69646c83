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
  { name: "desk", href: "/desk" },
  { name: "inbox", href: "/inbox" },
] as const;

/** What the Saleroom is, and its rooms. */
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
    <li>
      <div>
        <h3>
          <Link href={href}>{title}</Link>
        </h3>
        <p>{text}</p>
      </div>
    </li>
  );
}
