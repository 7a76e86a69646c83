import { sortLabels, type Labels } from "./labels.ts";

/** What is filled in. */
export const annotationTemplate = /\{\{\s*(?:\$labels\.([a-zA-Z_][a-zA-Z0-9_]*)|\$value)\s*\}\}/g;

/** Annotations with an alert's labels and its value in the place of `{{ $labels.name }}` and `{{ $value }}`. */
export function fillAnnotations(annotations: Labels, { labels, value }: { readonly labels: Labels; readonly value: number | null }): Labels {
  const fill = (text: string): string =>
    text.replaceAll(annotationTemplate, (_all, name?: string) =>
      name === undefined ? String(value ?? "") : Object.hasOwn(labels, name) ? (labels[name] ?? "") : "",
    );
  return sortLabels(Object.fromEntries(Object.entries(annotations).map(([name, text]) => [name, fill(text)])));
}
