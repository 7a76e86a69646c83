/** Names and values that tell one series of a metric, or one alert of a rule, from another. */
export type Labels = Readonly<Record<string, string>>;

/** A series' labels with a rule's own, which take the place of those of the same name; sorted by name. An empty one is none. */
export function mergeLabels(series: Labels, own: Labels): Labels {
  return sortLabels(Object.fromEntries(Object.entries({ ...series, ...own }).filter(([, value]) => value !== "")));
}

/** The same labels by the order of their names, so that equal labels are equal as text. */
export function sortLabels(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).toSorted(([one], [other]) => compareText(one, other)));
}

/** By names and values in turn, of labels that are sorted, as an alert's are; of two that begin alike the shorter one comes first. */
export function compareLabels(one: Labels, other: Labels): number {
  const [rows, others] = [Object.entries(one), Object.entries(other)];
  for (const [index, [name, value]] of rows.entries()) {
    const [otherName, otherValue] = others[index] ?? [];
    if (otherName === undefined || otherValue === undefined) return 1;
    const order = compareText(name, otherName) || compareText(value, otherValue);
    if (order !== 0) return order;
  }
  return rows.length - others.length;
}

/** Whether they have the same names and values, in whatever order. */
export function isSameLabels(one: Labels, other: Labels): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => Object.hasOwn(other, name) && one[name] === other[name]);
}

/** What an alert is known by: its rule's name and its labels, whatever its value. */
export function alertKey(rule: string, labels: Labels): string {
  return JSON.stringify([rule, sortLabels(labels)]);
}

/** By code units: the same on every machine, whatever its language. */
export function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
