import { Link } from "wouter";
import { en } from "../messages/en.ts";
import { PageTitle } from "../shell/page-title.tsx";

/** The page of one text of the catalogue, by the id in the address. */
export function DocumentPage() {
  return (
    <div className="lots">
      <PageTitle title={en.nav.desk} />
      <p className="lead">
        <Link href="/desk">{en.nav.desk}</Link>
      </p>
    </div>
  );
}
