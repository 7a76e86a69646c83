import { Bell } from "./bell.ts";
import type { EditTrace } from "./edit-trace.ts";
import type { Typist } from "./edit-typist.ts";
import { Progress } from "./progress.ts";

/** Each writes his own edits in his order, each when he has seen what its author had. Resolves when all are stored. */
export async function typeAll({ edits, startContent }: EditTrace, typists: readonly Typist[]): Promise<void> {
  const progress = new Progress("replay", edits.length);
  // How many of each one's edits have changed something, after so many of them: an edit that changes nothing never comes to the others.
  const real = typists.map((): number[] => [0]);
  const typed = new Bell();
  let count = 0;
  const [first] = typists;
  if (first !== undefined && startContent !== "") {
    await first.type([[0, 0, startContent]]);
    real[0] = [1];
    for (const other of typists) if (other !== first) await other.see(first.id, 1);
  }
  const countOf = async (agent: number, seen: number): Promise<number> => {
    for (let known = real[agent]?.[seen]; ; known = real[agent]?.[seen]) {
      if (known !== undefined) return known;
      await typed.rung;
    }
  };
  await Promise.all(
    typists.map(async (typist, agent) => {
      for (const edit of edits) {
        if (edit.agent !== agent) continue;
        for (const [other, seen] of edit.seen.entries()) {
          const writer = typists[other];
          if (other !== agent && seen > 0 && writer !== undefined) await typist.see(writer.id, await countOf(other, seen));
        }
        const hasChanged = await typist.type(edit.patches);
        const row = real[agent] ?? [];
        row.push((row.at(-1) ?? 0) + (hasChanged ? 1 : 0));
        typed.ring();
        progress.show(++count);
      }
      await typist.stored();
    }),
  );
}

/** Resolves when somebody has got all that the others have sent. */
export async function reached(typist: Typist, typists: readonly Typist[]): Promise<void> {
  for (const other of typists) if (other !== typist) await typist.see(other.id, other.edits);
}
