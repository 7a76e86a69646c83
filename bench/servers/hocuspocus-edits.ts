import { registerHooks } from "node:module";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { applyUpdate, type Doc, encodeStateAsUpdate } from "yjs";

import { announce } from "./announce.ts";
import { answerQuestions } from "./answer-questions.ts";

/** What is used of it. */
interface Hocuspocus {
  readonly Server: new (options: {
    readonly port: number;
    readonly address: string;
    readonly quiet: boolean;
    readonly stopOnSignals: boolean;
    readonly onLoadDocument: (load: { readonly document: Doc; readonly documentName: string }) => Promise<Doc>;
    readonly onStoreDocument: (store: { readonly document: Doc; readonly documentName: string }) => Promise<void>;
  }) => { listen(): Promise<unknown>; readonly address: { readonly port: number } };
}

// Under the condition `source`, by which the workspace finds its own sources, it gives sources that Node does not take from there; and its types are those of what it gives.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith("@hocuspocus/")
      ? next(specifier, { ...context, conditions: context.conditions.filter((each) => each !== "source") })
      : next(specifier, context),
});
const name: string = "@hocuspocus/server";
const { Server } = (await import(name)) as Hocuspocus;

const db = new DatabaseSync(join(process.env["NEXIOS_DATA"] ?? ".", "hocuspocus.db"));
db.exec("pragma journal_mode = wal; pragma synchronous = full; create table if not exists document (name text primary key, bytes blob not null) strict");
const load = db.prepare("select bytes from document where name = ?");
const store = db.prepare("insert into document (name, bytes) values (?, ?) on conflict (name) do update set bytes = excluded.bytes");

/** As its own extension for databases does it: a document is read when it is opened, and written whole; when that is so is left to its defaults. */
const server = new Server({
  // Of the bench: the port, which is the same after a restart.
  port: Number(process.env["BENCH_PORT"] ?? 0),
  address: "127.0.0.1",
  quiet: true,
  stopOnSignals: false,
  onLoadDocument({ document, documentName }) {
    const bytes = load.get(documentName)?.["bytes"];
    if (bytes instanceof Uint8Array) applyUpdate(document, bytes);
    return Promise.resolve(document);
  },
  onStoreDocument({ document, documentName }) {
    store.run(documentName, encodeStateAsUpdate(document));
    return Promise.resolve();
  },
});

answerQuestions({ cpu: () => process.cpuUsage() });
await server.listen();
announce({ port: server.address.port });
