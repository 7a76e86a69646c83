import type { ComponentType } from "react";
import { en } from "../messages/en.ts";
import { createLazyPart, type LazyPart } from "./lazy-part.tsx";
import { PageTitle } from "./page-title.tsx";

/** A page whose code comes when it is first wanted: its title stands there at once. */
export function createLazyPage(title: string, load: () => Promise<ComponentType>): LazyPart<object> {
  return createLazyPart(load, ({ isFailed }) => (
    <div className="control" aria-busy={!isFailed}>
      <div className="control-head">
        <PageTitle title={title} />
      </div>
      {isFailed && <NoCode />}
    </div>
  ));
}

/** Says that the code of a page did not arrive, with the way out. */
export function NoCode() {
  return (
    <>
      <p className="lead" role="alert">
        {en.missing.code}
      </p>
      <p>
        <button type="button" className="button" onClick={() => location.reload()}>
          {en.missing.reload}
        </button>
      </p>
    </>
  );
}
