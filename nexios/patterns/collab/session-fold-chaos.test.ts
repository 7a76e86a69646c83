import { expect, test, vi } from "vitest";
import { MemoryEditStorage } from "./offline.ts";
import { Desk, type Writer } from "./session-desk.fixture.ts";

const word = /<\w+>/g;

/** Numbers from 0 to below 1, always the same ones for a seed. */
function drawFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32;
}

for (const seed of [1, 2, 3, 4])
  test(`three who write over folds, cuts and closed pages lose no word, and none is there twice (seed ${seed})`, { timeout: 60_000 }, async () => {
    const draw = drawFrom(seed);
    const desk = await Desk.open({ foldPieces: 8 });
    const [inserted, deleted] = [new Set<string>(), new Set<string>()];
    const handedOut: string[] = [];
    const open = (name: string, storage: MemoryEditStorage): Writer & { readonly name: string; readonly storage: MemoryEditStorage; isCut: boolean } => {
      const writer = desk.write(name, { storage });
      writer.session.onRefused(({ text }) => handedOut.push(text));
      return { ...writer, name, storage, isCut: false };
    };
    const pages = ["ann", "bob", "cat"].map((name) => open(name, new MemoryEditStorage()));
    await Promise.all(pages.map(({ session }) => session.opened()));

    for (let turn = 0; turn < 1_200; turn++) {
      const at = Math.floor(draw() * pages.length);
      const page = pages[at];
      if (page === undefined) continue;
      const { session } = page;
      const act = draw();
      if (act < 0.7 && (session.canWrite || draw() < 0.05)) {
        const places = [...session.text.matchAll(word)];
        const place = places[Math.floor(draw() * places.length)];
        if (place !== undefined && draw() < 0.45) {
          deleted.add(place[0]);
          session.edit((text) => text.delete(place.index, place[0].length));
        } else {
          const written = `<${page.name}${inserted.size}>`;
          inserted.add(written);
          session.edit((text) => text.insert(place?.index ?? 0, written));
        }
      } else if (act < 0.8) {
        if (page.isCut) page.mend();
        else page.cut();
        page.isCut = !page.isCut;
      } else if (act < 0.83 && session.client !== undefined) {
        await session.stored();
        await page.client.close();
        page.storage.endPages();
        pages[at] = open(page.name, page.storage);
      } else if (page.isCut) for (let loop = 0; loop < 20; loop++) await new Promise(setImmediate);
      else await session.opened().then(() => session.saved());
    }
    for (const { mend } of pages) mend();
    await Promise.all(pages.map(({ session }) => session.opened()));
    await Promise.all(pages.map(({ session }) => session.saved()));
    await vi.waitFor(async () => expect(new Set(pages.map(({ session }) => session.text))).toEqual(new Set([await desk.documents.text("1")])), 5_000);

    const text = await desk.documents.text("1");
    const shown: readonly string[] = text.match(word) ?? [];
    const back = handedOut.join("");
    expect([...inserted].filter((each) => !deleted.has(each) && !shown.includes(each) && !back.includes(each))).toEqual([]);
    expect(shown.filter((each, index) => shown.indexOf(each) !== index)).toEqual([]);
    expect(shown.join("")).toBe(text);
    const past = desk.documents.past("1");
    await past.catchUp();
    expect(past.folds.length).toBeGreaterThan(0);
    await desk.close();
  });
