import { type Clock, repeat } from "../world/clock.ts";
import { Connection } from "./connection.ts";
import { createClient } from "./driver.ts";
import { defaultSettings } from "./settings.ts";

/** What is told of a line. */
export interface NotifyLineEvents {
  readonly onNotification: (channel: string, payload: string) => void;
  /** Once: it can't be used any more. */
  readonly onLost: () => void;
}

/** A message on its way. */
export interface Notification {
  readonly channel: string;
  readonly payload: string;
}

/** The ways in which a line ends. */
interface LineEnds {
  readonly close: () => Promise<void>;
  readonly lose: () => void;
}

/** So often is a line asked whether it lives: one that is silent may be dead. */
const askEveryMs = 5_000;

/** Two connections of their own: on one notifications come, on the other they are sent, outside of any other transaction. */
export class NotifyLine {
  /** What tables of this application are looked for in: topics of another schema are others. */
  readonly schema: string;
  readonly #listening: Connection;
  readonly #sending: Connection;
  readonly #close: () => Promise<void>;
  readonly #lose: () => void;

  private constructor(schema: string, [listening, sending]: readonly [Connection, Connection], { close, lose }: LineEnds) {
    this.schema = schema;
    this.#listening = listening;
    this.#sending = sending;
    this.#close = close;
    this.#lose = lose;
  }

  /** @throws Error, NexiosError UNAVAILABLE */
  static async open(url: string, clock: Clock, { onNotification, onLost }: NotifyLineEvents): Promise<NotifyLine> {
    const clients = [createClient({ ...defaultSettings, url }), createClient({ ...defaultSettings, url })] as const;
    const [first, second] = clients;
    let isOver = false;
    let stopAsking = (): void => undefined;
    const close = async (): Promise<void> => {
      isOver = true;
      stopAsking();
      await Promise.allSettled(clients.map((client) => client.end()));
    };
    const lose = (): void => {
      if (isOver) return;
      void close();
      onLost();
    };
    try {
      await Promise.all(clients.map((client) => client.connect()));
      const names = new Map<string, string>();
      const [listening, sending] = [new Connection(first, names), new Connection(second, names)];
      // What is lost with the machine was only told.
      await sending.command("set synchronous_commit = off");
      const row = await listening.get("select current_schema() as schema");
      first.on("notification", ({ channel, payload = "" }) => onNotification(channel, payload));
      for (const client of clients) client.on("end", lose);
      stopAsking = repeat(clock, askEveryMs, () => void listening.command("select 1").catch(lose));
      return new NotifyLine(String(row?.["schema"]), [listening, sending], { close, lose });
    } catch (error) {
      await close();
      throw error;
    }
  }

  async listen(channel: string): Promise<void> {
    await this.#orLose(this.#listening.command(`listen "${channel}"`));
  }

  async unlisten(channel: string): Promise<void> {
    await this.#orLose(this.#listening.command(`unlisten "${channel}"`));
  }

  /** Tells all of them, in their order. */
  async send(notifications: readonly Notification[]): Promise<void> {
    await this.#orLose(
      this.#sending.run(
        "select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) as given (channel, payload)",
        notifications.map(({ channel }) => channel),
        notifications.map(({ payload }) => payload),
      ),
    );
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** What fails once is made anew: nobody would hear of what is missing. */
  async #orLose<Value>(doing: Promise<Value>): Promise<Value> {
    try {
      return await doing;
    } catch (error) {
      this.#lose();
      throw error;
    }
  }
}
