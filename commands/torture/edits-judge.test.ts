import { expect, test } from "vitest";
import { encodeEdit } from "nexios/collab";
import { applyUpdate, createDocument, editText, type TextDocument } from "../../nexios/patterns/collab/engine.ts";
import { decodeEdit, entryCodec } from "../../nexios/patterns/collab/entry.ts";
import { EditsFindings } from "./edits-findings.ts";
import { EditsJudge } from "./edits-judge.ts";
import type { WrittenDocument } from "./edits-past.ts";

const opened = entryCodec.encode({ kind: "opened", client: 1, userId: "ann", name: "ann" });
const writer = createDocument(1);
const [a, b, c] = ["a", "b", "c"].map((letter) => type(writer, (text) => text.insert(text.length, letter)));

function type(document: TextDocument, edit: Parameters<typeof editText>[1]): Uint8Array {
  return encodeEdit(document.clientID, editText(document, edit) ?? new Uint8Array());
}

/** Somebody deletes the first letter of what another has written. */
function deleteOne(client: number, edit: Uint8Array): Uint8Array {
  const document = createDocument(client);
  applyUpdate(document, decodeEdit(edit)?.update ?? new Uint8Array());
  return type(document, (text) => text.delete(0, 1));
}

function toWritten(...contents: readonly (Uint8Array | undefined)[]): WrittenDocument {
  const entries = contents.flatMap((bytes, index) => (bytes === undefined ? [] : [{ offset: index + 1, bytes }]));
  return { entries, head: contents.length, packs: 0 };
}

function toNotes(...edits: readonly (Uint8Array | undefined)[]): readonly string[] {
  return edits.map((edit) => Buffer.from(edit ?? []).toString("base64"));
}

function judge(): { readonly judge: EditsJudge; readonly found: () => object } {
  const findings = new EditsFindings();
  const found = (): object => Object.fromEntries(Object.entries(findings.counts).filter(([, count]) => count > 0));
  return { judge: new EditsJudge(findings), found };
}

test("what is written and not acknowledged is no fault, and is counted", () => {
  const run = judge();

  const edits = run.judge.judge(toWritten(opened, a, b, c), toNotes(a, b));
  run.judge.conclude(toWritten(opened, a, b, c), toNotes(a, b, c), ["abc", "abc"]);

  expect(edits).toEqual({ edits: 3, untold: 1 });
  expect(run.found()).toEqual({});
});

test("an edit that was acknowledged and is not written is found, once", () => {
  const run = judge();

  run.judge.judge(toWritten(opened, a, b), toNotes(a, b, c));
  run.judge.judge(toWritten(opened, a, b), toNotes(a, b, c));

  expect(run.found()).toEqual({ acknowledgedLost: 1 });
});

test("so is one whose predecessor is lost too", () => {
  const run = judge();

  run.judge.judge(toWritten(opened, a), toNotes(a, b, c));

  expect(run.found()).toEqual({ acknowledgedLost: 2 });
});

test("to delete what is deleted already needs no entry", () => {
  const run = judge();
  const first = type(createDocument(1), (text) => text.insert(0, "xyz"));

  run.judge.judge(toWritten(opened, first, deleteOne(2, first)), toNotes(first, deleteOne(3, first)));

  expect(run.found()).toEqual({});
});

test("a place that is missing, at the end too, is found", () => {
  const [between, behind] = [judge(), judge()];

  between.judge.judge(toWritten(opened, undefined, a, b), []);
  behind.judge.judge({ ...toWritten(opened, a), head: 3 }, []);

  expect([between.found(), behind.found()]).toEqual([{ holes: 1 }, { holes: 1 }]);
});

test("an edit that is there twice, or that nobody has typed, and a text that differs are found", () => {
  const run = judge();

  run.judge.conclude(toWritten(opened, a, b, b, c), toNotes(a, b), ["abc", "ab"]);

  expect(run.found()).toEqual({ twice: 1, strangers: 1, diverged: 1 });
});
