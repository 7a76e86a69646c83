import type { House } from "./house.ts";

/** Something that the server depends on does not work from now on: a probe fails, which is an alert. Gives what mends it. */
export function breakProbe({ app }: House, name = "till"): () => void {
  let isBroken = true;
  const check = (): void => {
    if (isBroken) throw new Error("No answer from the till");
  };
  app.health.probe(name, check, { everyMs: 500, failAfter: 2 });
  return () => void (isBroken = false);
}
