import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type ActivityRequest, toPage } from "./activity-state.ts";

/** What the store knows of all requests that it keeps. Ties are decided by the name, so that the order of arrival does not matter. */
export interface ActivitySummary {
  readonly requests: number;
  readonly addresses: number;
  /** Requests by status. */
  readonly status: Readonly<Record<string, number>>;
  /** Distinct minutes with a request. */
  readonly minutes: number;
  readonly peakPerMinute: number;
  readonly topPath: string | null;
  readonly topPathCount: number;
}

const busyTimeoutMs = 5_000;
const sliceRows = 5_000;
/** A million requests are kept at most. */
const mostRows = 1_000_000;

/** Requests in an SQLite file. */
export class ActivityStore {
  readonly #db: DatabaseSync;
  readonly #insert;

  /** Opens the file in `folder`, and makes both if they are not there. */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#db = new DatabaseSync(join(folder, "saleroom.db"), { timeout: busyTimeoutMs });
    this.#db.exec(`
      pragma journal_mode = wal;
      pragma synchronous = normal;
      create table if not exists request (id integer primary key, at integer not null, visitor text not null, method text not null, path text not null, status integer not null) strict;
      create index if not exists request_at on request (at);
    `);
    this.#insert = this.#db.prepare("insert into request (at, visitor, method, path, status) values (?, ?, ?, ?, ?)");
  }

  /** Keeps all of them, or none. */
  add(requests: readonly ActivityRequest[]): void {
    this.#db.exec("begin immediate");
    try {
      for (const { at, visitor, method, path, status } of requests) this.#insert.run(at, visitor, method, toPage(path), status);
      this.#db.exec("commit");
    } catch (error) {
      this.#db.exec("rollback");
      throw error;
    }
  }

  get count(): number {
    return this.#number("select count(*) as value from request");
  }

  summary(): ActivitySummary {
    const top = this.#db.prepare("select path, count(*) as value from request group by path order by value desc, path limit 1").get();
    const statuses = this.#db.prepare("select status, count(*) as value from request group by status order by status").all();
    return {
      requests: this.count,
      addresses: this.#number("select count(distinct visitor) as value from request"),
      status: Object.fromEntries(statuses.map(({ status, value }) => [String(status), Number(value)])),
      minutes: this.#number("select count(distinct at / 60000) as value from request"),
      peakPerMinute: this.#number("select coalesce(max(value), 0) as value from (select count(*) as value from request group by at / 60000)"),
      topPath: top === undefined ? null : String(top["path"]),
      topPathCount: Number(top?.["value"] ?? 0),
    };
  }

  /** The newest requests, oldest first. */
  recent(since: number, limit: number): readonly ActivityRequest[] {
    const rows = this.#db.prepare("select at, visitor, method, path, status from request where at > ? order by at desc limit ?").all(since, limit);
    return rows.toReversed().map((row) => ({
      at: Number(row["at"]),
      visitor: String(row["visitor"]),
      method: String(row["method"]),
      path: String(row["path"]),
      status: Number(row["status"]),
    }));
  }

  /** Forgets what is too old or too much, a slice at a time; returns how many requests went. */
  forget(before: number): number {
    const past = this.#number("select coalesce(max(id), 0) as value from request") - mostRows;
    const { changes } = this.#db
      .prepare("delete from request where id in (select id from request where at < ? or id <= ? limit ?)")
      .run(before, past, sliceRows);
    return Number(changes);
  }

  close(): void {
    this.#db.close();
  }

  #number(sql: string): number {
    return Number(this.#db.prepare(sql).get()?.["value"]);
  }
}
