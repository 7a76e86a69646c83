import { emptyDraft, kinds, type LotDraft, stepTables } from "./lot-draft.ts";

/** What stands in a form; a field that the form does not show is as in an empty one. */
export function readDraft(form: FormData): LotDraft {
  const text = (name: keyof LotDraft): string => {
    const value = form.get(name);
    return typeof value === "string" ? value : String(emptyDraft[name]);
  };
  return {
    kind: kinds.find((kind) => kind === text("kind")) ?? emptyDraft.kind,
    title: text("title"),
    about: text("about"),
    currency: text("currency"),
    opening: text("opening"),
    reserve: text("reserve"),
    steps: stepTables.find((table) => table === text("steps")) ?? emptyDraft.steps,
    ownSteps: text("ownSteps"),
    opensAt: text("opensAt"),
    minutes: text("minutes"),
    buyNow: text("buyNow"),
    extendSeconds: text("extendSeconds"),
    mayRetract: form.has("mayRetract"),
    dropBy: text("dropBy"),
    everySeconds: text("everySeconds"),
    lowest: text("lowest"),
    pays: text("pays") === "first" ? "first" : "second",
  };
}
