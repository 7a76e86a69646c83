/** What a sentinel says of the primary. */
export interface NamedPrimary {
  readonly host: string;
  readonly port: number;
  /** Grows with each failover: who says a lower one has not heard of the last. */
  readonly epoch: number;
  /** The sentinel that says so. */
  readonly by: string;
}

/** Asks one sentinel: what it knows of the primary, as names and values by turns. */
export type AskSentinel = (url: string) => Promise<readonly unknown[]>;

/**
 * The primary, as the sentinel says that has heard of the latest failover, of those that have answered by the time that most have, or that no more will.
 * @throws Error of a sentinel when none has answered
 */
export async function askSentinels(urls: readonly string[], ask: AskSentinel): Promise<NamedPrimary> {
  const answers: NamedPrimary[] = [];
  const errors: unknown[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const settle = (): void => {
    if (answers.length > urls.length / 2 || answers.length + errors.length === urls.length) resolve();
  };
  for (const url of urls) {
    void ask(url)
      .then((facts) => answers.push(toNamedPrimary(url, facts)))
      .catch((error: unknown) => errors.push(error))
      .then(settle);
  }
  await promise;
  const [newest] = answers.toSorted((a, b) => b.epoch - a.epoch);
  if (newest === undefined) throw errors[0];
  return newest;
}

function toNamedPrimary(by: string, facts: readonly unknown[]): NamedPrimary {
  const valueOf = (name: string): string => String(facts[facts.findIndex((fact, index) => index % 2 === 0 && String(fact) === name) + 1]);
  const primary = { host: valueOf("ip"), port: Number(valueOf("port")), epoch: Number(valueOf("config-epoch")), by };
  if (!Number.isSafeInteger(primary.port) || !Number.isSafeInteger(primary.epoch)) throw new Error("A sentinel has told of its primary in another form");
  return primary;
}
