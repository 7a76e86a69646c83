import { type ComponentType, type JSX, useEffect, useReducer } from "react";
import { en } from "../messages/en.ts";
import { PageTitle } from "./page-title.tsx";

/** A page whose code comes when it is first wanted; `preload` fetches it ahead. */
export interface LazyPage {
  (): JSX.Element;
  preload(): void;
}

/** React's own `lazy` shows its fallback for a moment even when the code is there: a page that was fetched ahead would blink. */
export function createLazyPage(title: string, load: () => Promise<ComponentType>): LazyPage {
  let Page: ComponentType | undefined;
  let isFailed = false;
  let loading: Promise<void> | undefined;

  function start(): Promise<void> {
    isFailed = false;
    return (loading ??= load().then(
      (loaded) => void (Page = loaded),
      () => {
        isFailed = true;
        loading = undefined;
      },
    ));
  }

  function Lazy() {
    const [, redraw] = useReducer((count: number) => count + 1, 0);
    useEffect(() => void (Page === undefined && start().then(redraw)), []);
    return Page === undefined ? <Waiting title={title} isFailed={isFailed} /> : <Page />;
  }
  return Object.assign(Lazy, { preload: () => void start() });
}

function Waiting({ title, isFailed }: { title: string; isFailed: boolean }) {
  return (
    <div className="control" aria-busy={!isFailed}>
      <div className="control-head">
        <PageTitle title={title} />
      </div>
      {isFailed && (
        <>
          <p className="lead" role="alert">
            {en.missing.code}
          </p>
          <p>
            <button type="button" className="button" onClick={() => location.reload()}>
              {en.control.reload}
            </button>
          </p>
        </>
      )}
    </div>
  );
}
