// Somebody types, and may no more: how long until his session is locked, and whether he keeps what the server did not take.
import { setTimeout } from "node:timers/promises";

import { documentRoom } from "nexios/collab";
import { DocumentSession, type RefusedEdit } from "nexios/collab/client";
import { browserWorld, type ClientRoom } from "nexios/client";

import type { DocumentRoom } from "../nexios/patterns/collab/contract.ts";
import { DataFolder } from "./data-folder.ts";
import { connect, documentId, keyMs, monotonicMs, typist } from "./measured-document.ts";
import { median, percentile, rounded, say } from "./measure.ts";
import { ServerProcess } from "./server-process.ts";
import { slowLine } from "./slow-line.ts";

/** Of all turns. */
export interface LockFigures {
  /** From the call that takes the right to the lock, less the round trip of a call. Below zero: the news travels one way only. */
  readonly beyondRoundTrip: { readonly p50Ms: number; readonly maxMs: number };
  readonly goalMs: number;
  readonly roundTripMs: number;
  readonly times: number;
  /** Turns in which something was refused, and handed back. */
  readonly handedBack: number;
  /** Turns after which the texts differed, or something was in neither. */
  readonly lost: number;
}

interface Turn {
  readonly lockMs: number;
  readonly roundTripMs: number;
  readonly hasHandedBack: boolean;
  readonly fault: string | undefined;
}

const goalMs = 50;
const probes = 3;
const [leastMs, mostMs] = [100, 350];
const patienceMs = 10_000;

/** Takes the right, and gives it again, so many times, on lines that take so long each way. */
export async function measureLock(times: number, delayMs: number, onFault: (fault: string) => void): Promise<LockFigures> {
  await using _folder = await DataFolder.make();
  await using server = await ServerProcess.start("nexios-documents");
  say(`lock: lifted limits: ${server.ready.lifted}`);
  const world = { connect: delayMs > 0 ? slowLine(delayMs) : browserWorld.connect.bind(browserWorld) };
  await using client = connect(server.ready.port, typist, { world });
  // By itself, so that no edit holds it up.
  await using other = connect(server.ready.port, "probe", { world, limits: { gatherMs: 0 } });
  const session = new DocumentSession(client, documentId);
  const probe = other.join(documentRoom, { id: documentId });
  await session.opened();
  const turns: Turn[] = [];
  for (let turn = 1; turn <= times; turn++) {
    turns.push(await takeTurn(server, session, probe));
    const { fault } = turns.at(-1) ?? {};
    if (fault !== undefined) onFault(`lock, ${delayMs} ms each way, turn ${turn}: ${fault}`);
    if (turn % 10 === 0) say(`lock: ${turn} of ${times}, ${delayMs} ms each way`);
  }
  const beyond = turns.map(({ lockMs, roundTripMs }) => lockMs - roundTripMs);
  return {
    beyondRoundTrip: { p50Ms: rounded(percentile(beyond, 0.5)), maxMs: rounded(Math.max(...beyond)) },
    goalMs,
    roundTripMs: rounded(median(turns.map(({ roundTripMs }) => roundTripMs))),
    times,
    handedBack: turns.filter(({ hasHandedBack }) => hasHandedBack).length,
    lost: turns.filter(({ fault }) => fault !== undefined).length,
  };
}

async function takeTurn(server: ServerProcess, session: DocumentSession, probe: ClientRoom<DocumentRoom>): Promise<Turn> {
  let typed = session.text;
  let letters = 0;
  const typing = setInterval(() => {
    // As an editor does: what is locked takes no key.
    if (!session.canWrite) return;
    const letter = String.fromCharCode(97 + (letters++ % 26));
    session.edit((text) => text.insert(text.length, letter));
    typed += letter;
  }, keyMs);
  const refused: RefusedEdit[] = [];
  const endRefused = session.onRefused((each) => refused.push(each));
  try {
    await setTimeout(leastMs + Math.random() * (mostMs - leastMs));
    const roundTripMs = await measureRoundTrip(probe);
    let lockedAtMs: number | undefined;
    const locked = until(session, () => !session.canWrite).then(() => (lockedAtMs = monotonicMs()));
    const { calledAtMs } = await server.ask<{ readonly calledAtMs: number }>("lock");
    await locked;
    await session.saved();
    const stored = await server.ask<string>("text");
    await until(session, () => session.text === stored).catch(() => undefined);
    const fault = findFault({ typed, stored, refused, session });
    await server.ask("unlock");
    await until(session, () => session.canWrite);
    session.forgetRefused();
    return { lockMs: (lockedAtMs ?? NaN) - calledAtMs, roundTripMs, hasHandedBack: refused.length > 0, fault };
  } finally {
    endRefused();
    clearInterval(typing);
  }
}

/** Of a call that is decided, and stores nothing: the shortest that there is. */
async function measureRoundTrip(probe: ClientRoom<DocumentRoom>): Promise<number> {
  const times: number[] = [];
  for (let left = probes; left > 0; left--) {
    const from = performance.now();
    await probe.call("unname", { name: "", count: 0 });
    times.push(performance.now() - from);
  }
  return median(times);
}

/** What is stored is shown, and what was typed is stored, or was handed back whole. */
function findFault(turn: {
  readonly typed: string;
  readonly stored: string;
  readonly refused: readonly RefusedEdit[];
  readonly session: DocumentSession;
}): string | undefined {
  const { typed, stored, refused, session } = turn;
  const { kind } = session.status;
  if (kind !== "read-only" && kind !== "refused") return `the session is ${kind}`;
  if (session.text !== stored) return "the member's text is not the server's";
  if (!typed.startsWith(stored)) return "the server has what was not typed";
  if (refused.length === 0) return typed === stored ? undefined : `${typed.length - stored.length} letters are lost`;
  return refused.length === 1 && refused[0]?.text === typed ? undefined : "what was handed back is not the whole text";
}

async function until(session: DocumentSession, holds: () => boolean): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = (): void => void (holds() && resolve());
  const end = session.onChange(look);
  const patience = globalThis.setTimeout(() => reject(new Error("It has not come to it in time")), patienceMs);
  look();
  try {
    await promise;
  } finally {
    end();
    clearTimeout(patience);
  }
}
