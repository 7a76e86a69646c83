import { documentWords } from "../../messages/en-document.ts";
import { groupAt, timeOf } from "./moments.ts";
import type { Past } from "./use-past.ts";

const { history: words, authors } = documentWords;

/** Which moment is looked at, in words. Pure. */
export function whenOf({ groups: { value: groups = [] }, moment }: Pick<Past, "groups" | "moment">): string {
  if (moment === undefined) return words.now;
  const [group, at] = [groupAt(groups, moment.count), timeOf(groups, moment.count)];
  return group === undefined || at === undefined ? words.begin : words.at(at, group.name === "" ? authors.nobody : group.name);
}
