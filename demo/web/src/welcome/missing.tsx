import { Link } from "wouter";
import { en } from "../messages/en.ts";
import { PageTitle } from "../shell/page-title.tsx";

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
