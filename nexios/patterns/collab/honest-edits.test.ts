import { expect, test } from "vitest";
import { createDraw } from "./draw.fixture.ts";
import {
  applyUpdate,
  createDocument,
  createUndo,
  decodeUpdate,
  editText,
  encodeMissing,
  hasPending,
  lengthOf,
  mergeUpdates,
  onUpdate,
  type TextDocument,
  textOf,
} from "./engine.ts";
import { defaultDocumentLimits, judgeUpdate } from "./gate.ts";

const origin = Symbol("own");

/** Somebody who writes, deletes, takes back and does again, and hears of others late. */
class Writer {
  readonly document: TextDocument;
  readonly undo: ReturnType<typeof createUndo>;
  /** What he has made and not sent. */
  made: Uint8Array[] = [];
  /** What has not reached him. */
  readonly inbox: Uint8Array[] = [];

  constructor(client: number, undoes: boolean) {
    this.document = createDocument(client);
    this.undo = createUndo(this.document, undoes ? origin : Symbol("none"));
    onUpdate(this.document, (update, from) => {
      if (from !== "remote") this.made.push(update);
    });
  }

  act(draw: (below: number) => number): void {
    const { document } = this;
    const kind = draw(10);
    if (kind === 0) this.undo.undo();
    else if (kind === 1) this.undo.redo();
    else if (kind === 2) this.undo.stopCapturing();
    else
      editText(
        document,
        (text) => {
          for (let changes = 1 + draw(3); changes > 0; changes--) {
            const at = draw(text.length + 1);
            if (draw(3) === 0) text.delete(at, Math.min(text.length - at, draw(5)));
            else text.insert(at, "abcdef".slice(0, 1 + draw(5)));
          }
        },
        origin,
      );
  }
}

test("no edit of people who write, delete, take back and do again is refused, however late they hear of each other", () => {
  const kinds = new Set<string>();
  for (let seed = 1; seed <= 30; seed++) {
    const draw = createDraw(seed);
    const server = createDocument();
    const writers = [7, 3, 5, 4].map((client, at) => new Writer(client, at < 3));
    for (let turn = 0; turn < 300; turn++) {
      const writer = writers[draw(writers.length)] ?? writers[0];
      if (writer === undefined) continue;
      writer.act(draw);
      if (draw(4) === 0) for (const update of writer.inbox.splice(0, draw(20))) applyUpdate(writer.document, update, "remote");
      if (draw(3) > 0 || writer.made.length === 0) continue;
      // What has been sent comes again, sometimes.
      const update = draw(10) === 0 ? encodeMissing(writer.document, server) : mergeUpdates(writer.made);
      const isOwn = (client: number): boolean => client === writer.document.clientID;
      const verdict = judgeUpdate(update, { document: server, isOwn, limits: defaultDocumentLimits });
      for (const { kind } of decodeUpdate(update).structs) kinds.add(kind);
      expect(verdict).not.toHaveProperty("fault");
      expect(verdict).not.toHaveProperty("limit");
      writer.made = [];
      const before = lengthOf(server);
      applyUpdate(server, update);
      expect(textOf(server)).toHaveLength(verdict.kind === "changes" ? verdict.characters : before);
      for (const other of writers) if (other !== writer) other.inbox.push(update);
    }
    for (const { document, inbox, made } of writers) {
      for (const update of inbox) applyUpdate(document, update, "remote");
      for (const update of made) applyUpdate(server, update);
    }
    expect(hasPending(server)).toBe(false);
  }
  expect(kinds).toEqual(new Set(["text", "deleted"]));
});
