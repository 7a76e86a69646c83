import { documentWords } from "../../messages/en-document.ts";
import { groupAt, groupsIn, timeOf } from "./moments.ts";
import type { Past } from "./use-past.ts";

const { history: words, authors } = documentWords;

/** Which moment is looked at, in words. Pure. */
export function whenOf({ groups: { value: groups = [] }, oldest, moment }: Pick<Past, "groups" | "oldest" | "moment">): string {
  if (moment === undefined) return words.now;
  const [group, at] = [groupAt(groups, moment.count), timeOf(groups, moment.count)];
  if (group === undefined || at === undefined) return oldest === 0 ? words.begin : words.begunToKeep;
  const workers = moment.from === undefined ? groupsIn(groups, moment.count) : groups.filter(({ fromCount }) => fromCount === moment.from);
  const names = (workers.length === 0 ? [group] : workers).map(({ name }) => (name === "" ? authors.nobody : name));
  return words.at(at, [...new Set(names)]);
}
