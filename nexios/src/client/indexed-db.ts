import type { CallStorage, KeptCall } from "./call-storage.ts";

/** The part of IndexedDB (W3C, version 3.0) that is used: a server's types have none of it. */
interface Request<Result> {
  readonly result: Result;
  readonly error: Error | null;
  addEventListener(name: "success" | "error" | "upgradeneeded", listener: () => void): void;
}
interface Store {
  put(value: KeptCall): unknown;
  delete(key: string): unknown;
  createIndex(name: string, path: string): unknown;
  index(name: string): { getAll(key: string): Request<KeptCall[]> };
}
interface Database {
  createObjectStore(name: string, options: { readonly keyPath: string }): Store;
  transaction(name: string, mode?: "readwrite"): { objectStore(name: string): Store; commit(): void };
}
declare const indexedDB: { open(name: string, version: number): Request<Database> };

const store = "calls";

/** Keeps calls in the browser's IndexedDB, so that a reload or a crash of the page does not lose them. Give each application on an origin a name of its own. */
export function indexedDbStorage(name = "nexios"): CallStorage {
  let opened: Promise<Database> | undefined;
  const open = (): Promise<Database> => (opened ??= openDatabase(name));
  const write = (change: (calls: Store) => void): void => {
    const run = (database: Database): void => {
      const transaction = database.transaction(store, "readwrite");
      change(transaction.objectStore(store));
      transaction.commit();
    };
    // A browser without storage, or with a full one, keeps nothing: calls go on without.
    open().then(run, () => {});
  };
  return {
    async load(room) {
      const calls = await toPromise((await open()).transaction(store).objectStore(store).index("room").getAll(room));
      // Their ids begin with the time of their making.
      return calls.toSorted((a, b) => (a.callId < b.callId ? -1 : 1));
    },
    keep: (call) => write((calls) => calls.put(call)),
    forget: (callId) => write((calls) => calls.delete(callId)),
  };
}

function openDatabase(name: string): Promise<Database> {
  const request = indexedDB.open(name, 1);
  request.addEventListener("upgradeneeded", () => request.result.createObjectStore(store, { keyPath: "callId" }).createIndex("room", "room"));
  return toPromise(request);
}

function toPromise<Result>(request: Request<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("IndexedDB has failed")));
  });
}
