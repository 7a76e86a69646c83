import { type ComponentType, type JSX, useEffect, useReducer } from "react";

/** A part whose code comes when it is first wanted; `preload` fetches it ahead. */
export interface LazyPart<Props extends object> {
  (props: Props): JSX.Element;
  preload(this: void): void;
}

/**
 * Until it is there, `Waiting` stands in its place.
 * React's own `lazy` shows its fallback for a moment even when the code is there: a page that was fetched ahead would blink.
 */
export function createLazyPart<Props extends object = object>(
  load: () => Promise<ComponentType<Props>>,
  Waiting: ComponentType<{ readonly isFailed: boolean }> = Nothing,
): LazyPart<Props> {
  let Part: ComponentType<Props> | undefined;
  let isFailed = false;
  let loading: Promise<void> | undefined;

  function start(): Promise<void> {
    isFailed = false;
    return (loading ??= load().then(
      (loaded) => void (Part = loaded),
      () => {
        isFailed = true;
        loading = undefined;
      },
    ));
  }

  function Lazy(props: Props) {
    const [, redraw] = useReducer((count: number) => count + 1, 0);
    const wasThere = Part !== undefined;
    // It may have come since this was drawn.
    useEffect(() => void (!wasThere && start().then(redraw)), [wasThere]);
    return Part === undefined ? <Waiting isFailed={isFailed} /> : <Part {...props} />;
  }
  return Object.assign(Lazy, { preload: () => void start() });
}

function Nothing() {
  return <></>;
}
