/** What this process takes once all that can go has gone; where Node was started so that it can be told to. */
export function readMemory(): { readonly rss: number; readonly heapUsed: number; readonly external: number } {
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heapUsed, external };
}
