import type { Row } from "../log/rows/row-check.ts";
import type { SqlValue } from "../log/store.ts";
import { NexiosError } from "../protocol/failure.ts";
import { type Client, type PoolClient, sqlStateOf } from "./driver.ts";
import { readOnly } from "./failures.ts";
import { fromStoredText, toStoredText } from "./stored-text.ts";

/** What statements of the store's own take; a list is one parameter. */
export type Parameter = SqlValue | readonly (string | number | null | Uint8Array)[];

/** What an application's statement came to. */
export interface StatementResult {
  readonly rows: readonly Readonly<Record<string, SqlValue>>[];
  readonly changes: number;
}

/** One connection while somebody has it. Statements are sent at once and answered in order; after one that fails, those of its transaction fail too. */
export class Connection {
  readonly #client: Client | PoolClient;
  readonly #names: Map<string, string>;
  /** PostgreSQL's number of the transaction that is open, once it is known: whether it was committed can be asked by it. */
  transaction: string | undefined;
  #isLost = false;
  /** What a statement has failed by last. */
  #failure: unknown;

  /** `names`: of statements, by their text: each connection prepares a statement once. */
  constructor(client: Client | PoolClient, names: Map<string, string>) {
    this.#client = client;
    this.#names = names;
  }

  /** A statement had no answer: nobody can go on with it. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Rows of a statement of the store's own. */
  async all(sql: string, ...values: readonly Parameter[]): Promise<readonly Row[]> {
    return (await this.#own(sql, values)).rows.map(toRow);
  }

  /** The first of them. */
  async get(sql: string, ...values: readonly Parameter[]): Promise<Row | undefined> {
    return (await this.all(sql, ...values))[0];
  }

  /** How many rows a statement of the store's own has changed. */
  async run(sql: string, ...values: readonly Parameter[]): Promise<number> {
    return (await this.#own(sql, values)).rowCount ?? 0;
  }

  /** Runs a statement without parameters, or several. Returns what the server says that it has done last, as `COMMIT`. */
  async command(sql: string): Promise<string> {
    const result: unknown = await this.#answered(this.#client.query(sql));
    const last: unknown = Array.isArray(result) ? result.at(-1) : result;
    return (last as { readonly command: string }).command;
  }

  /** Runs one statement of an application's, as it is. @throws Error with the server's own `code` */
  async statement(sql: string, values: readonly SqlValue[]): Promise<StatementResult> {
    // Of several statements the extended protocol refuses all.
    const query = { text: sql, values: values.map(toValue), queryMode: "extended" };
    const { rows, rowCount, command } = await this.#answered(this.#client.query<Record<string, SqlValue>>(query));
    return { rows, changes: command === "SELECT" ? 0 : (rowCount ?? 0) };
  }

  #own(sql: string, values: readonly Parameter[]) {
    const name = this.#names.get(sql) ?? `nexios_${this.#names.size + 1}`;
    this.#names.set(sql, name);
    return this.#answered(this.#client.query<Record<string, unknown>>({ name, text: sql, values: values.map(toParameter) }));
  }

  async #answered<Value>(answer: Promise<Value>): Promise<Value> {
    try {
      return await answer;
    } catch (error) {
      const state = sqlStateOf(error);
      // A table has got another form: what this connection has prepared fails until there is another one. So does a write where the server takes none.
      this.#isLost ||= state === undefined || state === otherForm || state === readOnly;
      // What follows in a transaction that has failed fails by what has failed.
      if (state === afterFailure) throw this.#failure ?? error;
      this.#failure = error;
      if (state !== undefined) throw error;
      throw new NexiosError("UNAVAILABLE", "PostgreSQL has not answered: nobody knows what it has done", { cause: error });
    }
  }
}

const otherForm = "0A000";
const afterFailure = "25P02";

function toRow(row: Record<string, unknown>): Row {
  for (const name in row) {
    const value = row[name];
    if (typeof value === "string") row[name] = fromStoredText(value);
  }
  return row;
}

function toParameter(value: Parameter): unknown {
  if (typeof value === "string") return toStoredText(value);
  return isList(value) ? value.map(toParameter) : toValue(value);
}

function isList(value: Parameter): value is readonly (string | number | null | Uint8Array)[] {
  return Array.isArray(value);
}

/** `pg` takes bytes as buffers. */
function toValue(value: SqlValue): unknown {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}
