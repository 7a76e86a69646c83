import type { EditStorage, KeptEdit } from "./offline.ts";

/** The parts of IndexedDB (W3C, version 3.0) and of Web Locks (W3C) that are used: a server's types have none of them. */
interface Request<Result> {
  readonly result: Result;
  readonly error: Error | null;
  addEventListener(name: "success" | "error" | "upgradeneeded" | "blocked", listener: () => void): void;
}
interface Store {
  put(value: KeptEdit): unknown;
  delete(key: unknown): unknown;
  getAll(range: unknown): Request<KeptEdit[]>;
}
interface Transaction {
  readonly error: Error | null;
  objectStore(name: string): Store;
  commit(): void;
  addEventListener(name: "complete" | "abort" | "error", listener: () => void): void;
}
interface Database {
  createObjectStore(name: string, options: { readonly keyPath: readonly string[] }): unknown;
  transaction(name: string, mode?: "readwrite"): Transaction;
}
interface Locks {
  request(name: string, options: { readonly ifAvailable: true }, hold: (lock: unknown) => Promise<void> | undefined): Promise<void>;
}
declare const indexedDB: { open(name: string, version: number): Request<Database> };
declare const IDBKeyRange: { bound(from: unknown, to: unknown): unknown };

const store = "edits";
const keyPath = ["document", "epoch", "client", "n"] as const;

/**
 * Keeps edits in the browser's IndexedDB: each in one transaction with its client id and position. Pages tell each other's apart by Web Locks; a page that is not
 * served by HTTPS has none, and there the edits of pages that still live are sent twice, which changes nothing. Give each application on an origin a name of its own.
 */
export function indexedDbEdits(name = "nexios-documents"): EditStorage {
  let opened: Promise<Database> | undefined;
  const open = (): Promise<Database> => (opened ??= openDatabase(name));
  const write = async (change: (edits: Store) => void): Promise<void> => {
    const transaction = (await open()).transaction(store, "readwrite");
    const ending = toCompletion(transaction);
    change(transaction.objectStore(store));
    transaction.commit();
    await ending;
  };
  return {
    keep: (edit) => write((edits) => edits.put(edit)),
    forget: (kept) =>
      write((edits) => {
        for (const edit of kept) edits.delete(keyPath.map((part) => edit[part]));
      }),
    async load(document) {
      // An array is greater than any text.
      const range = IDBKeyRange.bound([document], [document, []]);
      return toPromise((await open()).transaction(store).objectStore(store).getAll(range));
    },
    own: (owner) => own(`${name} ${owner}`),
  };
}

function own(name: string): Promise<(() => void) | undefined> {
  const { locks } = (globalThis as { readonly navigator?: { readonly locks?: Locks } }).navigator ?? {};
  if (locks === undefined) return Promise.resolve(() => {});
  return new Promise((resolve, reject) => {
    const hold = (lock: unknown): Promise<void> | undefined => {
      if (lock === null) resolve(undefined);
      return lock === null ? undefined : new Promise((release) => resolve(release));
    };
    locks.request(name, { ifAvailable: true }, hold).catch(reject);
  });
}

function openDatabase(name: string): Promise<Database> {
  const request = indexedDB.open(name, 1);
  request.addEventListener("upgradeneeded", () => void request.result.createObjectStore(store, { keyPath }));
  return toPromise(request);
}

function toPromise<Result>(request: Request<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("IndexedDB has failed")));
  });
}

function toCompletion(transaction: Transaction): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(transaction.error ?? new Error("IndexedDB has failed"));
    transaction.addEventListener("complete", () => resolve());
    transaction.addEventListener("abort", fail);
    transaction.addEventListener("error", fail);
  });
}
