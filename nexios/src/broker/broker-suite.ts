import type { Broker } from "./broker.ts";

/** One case of a suite: a sentence, and a run that throws when it does not hold. */
export interface SuiteCase {
  readonly title: string;
  run(): Promise<void>;
}

/** Two brokers that hear each other, fresh for each case. */
export interface BrokerPair {
  readonly a: Broker;
  readonly b: Broker;
  close(): Promise<void>;
}

/** What every broker must do. `open` makes a pair; the cases know no test runner. */
export function brokerSuite(open: () => Promise<BrokerPair>): readonly SuiteCase[] {
  const withPair = (title: string, run: (pair: BrokerPair) => Promise<void>): SuiteCase => ({
    title,
    async run() {
      const pair = await open();
      try {
        await run(pair);
      } finally {
        await pair.close();
      }
    },
  });

  return [
    withPair("a message reaches the other process byte for byte", async ({ a, b }) => {
      const heard = await listen(b, "room/1");
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
      a.publish("room/1", bytes);
      equal(await heard.next(), bytes);
    }),
    withPair("who tells how long a message takes tells it once one was taken", async ({ a, b }) => {
      if (a.latencyMs === undefined) return;
      equal(a.latencyMs(), undefined);
      const heard = await listen(b, "t");
      // The answer to one may come behind what it has told others, but not behind many more.
      for (let count = 0; count < 1_000 && a.latencyMs() === undefined; count++) {
        a.publish("t", Uint8Array.of(1));
        await heard.next();
      }
      equal((a.latencyMs() ?? -1) >= 0, true);
    }),
    withPair("messages of one topic keep their order", async ({ a, b }) => {
      const heard = await listen(b, "t");
      for (let index = 0; index < 100; index++) a.publish("t", Uint8Array.of(index));
      for (let index = 0; index < 100; index++) equal(await heard.next(), Uint8Array.of(index));
    }),
    withPair("what a process publishes does not come back to it", async ({ a, b }) => {
      const own = await listen(a, "t");
      const heard = await listen(b, "t");
      a.publish("t", Uint8Array.of(1));
      b.publish("t", Uint8Array.of(2));
      equal(await own.next(), Uint8Array.of(2));
      equal(await heard.next(), Uint8Array.of(1));
      equal(own.count, 1);
    }),
    withPair("a topic is exact: neither its neighbours nor patterns are heard", async ({ a, b }) => {
      const heard = await listen(b, "a*");
      for (const topic of ["a", "ab", "a*b", "*", "A*"]) a.publish(topic, Uint8Array.of(1));
      a.publish("a*", Uint8Array.of(9));
      equal(await heard.next(), Uint8Array.of(9));
    }),
    withPair("nothing is delivered after unsubscribe", async ({ a, b }) => {
      const heard = await listen(b, "t");
      const other = await listen(b, "other");
      b.unsubscribe("t");
      a.publish("t", Uint8Array.of(1));
      a.publish("other", Uint8Array.of(2));
      equal(await other.next(), Uint8Array.of(2));
      equal(heard.count, 0);
    }),
    withPair("publishing after close does nothing", async ({ a }) => {
      await a.close();
      a.publish("t", Uint8Array.of(1));
    }),
  ];
}

interface Heard {
  /** Messages that came, those already taken included. */
  readonly count: number;
  next(): Promise<Uint8Array>;
}

async function listen(broker: Broker, topic: string): Promise<Heard> {
  const messages: Uint8Array[] = [];
  const waiting: ((message: Uint8Array) => void)[] = [];
  let count = 0;
  await broker.subscribe(topic, (message) => {
    count++;
    const waiter = waiting.shift();
    if (waiter === undefined) messages.push(message);
    else waiter(message);
  });
  return {
    get count() {
      return count;
    },
    next() {
      const message = messages.shift();
      return message === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(message);
    },
  };
}

function equal(actual: unknown, expected: unknown): void {
  const [left, right] = [actual, expected].map((value) => (value instanceof Uint8Array ? [...value].join() : String(value)));
  if (left !== right) throw new Error(`expected ${right}, got ${left}`);
}
