import type { Broker, Cut, KeepRules, MessageKeeper } from "./broker.ts";

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

let runs = 0;

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
    ...keeperCases((title, run) =>
      withPair(title, async ({ a, b }) => {
        if (a.keeper !== undefined && b.keeper !== undefined) await run({ a, b, ours: a.keeper, theirs: b.keeper, topic: `kept ${++runs}` });
      }),
    ),
    withPair("publishing after close does nothing", async ({ a }) => {
      await a.close();
      a.publish("t", Uint8Array.of(1));
    }),
  ];
}

interface KeepingPair extends Pick<BrokerPair, "a" | "b"> {
  readonly ours: MessageKeeper;
  readonly theirs: MessageKeeper;
  /** Of this run: what is kept may outlive a pair. */
  readonly topic: string;
}

const rules: KeepRules = { keep: 3, keepBytes: 1_000, keepMs: 600_000 };

/** What a broker must do that keeps messages. */
function keeperCases(withKeepers: (title: string, run: (pair: KeepingPair) => Promise<void>) => SuiteCase): readonly SuiteCase[] {
  return [
    withKeepers("who keeps messages keeps the last of them for all processes, byte for byte, and delivers each", async ({ b, ours, theirs, topic }) => {
      const heard = await listen(b, topic);
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
      for (const message of [Uint8Array.of(1), Uint8Array.of(2), bytes, Uint8Array.of()]) ours.publish(topic, message, rules);
      await equalLists(ours.read(topic, rules), [Uint8Array.of(2), bytes, Uint8Array.of()]);
      await equalLists(theirs.read(topic, rules), [Uint8Array.of(2), bytes, Uint8Array.of()]);
      for (const message of [Uint8Array.of(1), Uint8Array.of(2), bytes, Uint8Array.of()]) equal(await heard.next(), message);
    }),
    withKeepers("what is published without keeping is not kept", async ({ a, b, ours, topic }) => {
      const heard = await listen(b, topic);
      ours.publish(topic, Uint8Array.of(1), rules);
      equal(await heard.next(), Uint8Array.of(1));
      a.publish(topic, Uint8Array.of(2));
      equal(await heard.next(), Uint8Array.of(2));
      await equalLists(ours.read(topic, rules), [Uint8Array.of(1)]);
    }),
    withKeepers("so many bytes are kept at most, and what is larger empties it", async ({ ours, topic }) => {
      const few: KeepRules = { ...rules, keep: 100, keepBytes: 10 };
      const ofLength = (length: number): Uint8Array => new Uint8Array(length).fill(length);
      for (const length of [7, 3, 1]) ours.publish(topic, ofLength(length), few);
      await equalLists(ours.read(topic, few), [ofLength(3), ofLength(1)]);
      ours.publish(topic, ofLength(6), few);
      await equalLists(ours.read(topic, few), [ofLength(3), ofLength(1), ofLength(6)]);
      ours.publish(topic, ofLength(11), few);
      await equalLists(ours.read(topic, few), []);
      ours.publish(topic, ofLength(10), few);
      await equalLists(ours.read(topic, few), [ofLength(10)]);
    }),
    withKeepers("what is read and what is delivered behind its cut are all of it, each message once", async ({ b, ours, theirs, topic }) => {
      const many: KeepRules = { ...rules, keep: 10_000, keepBytes: 1_000_000 };
      const count = 500;
      const all = Array.from({ length: count }, (_, index) => index).join();
      for (let round = 0; round < 10; round++) {
        const behind: number[] = [];
        let isCut = false;
        const last = Promise.withResolvers<void>();
        await b.subscribe(`${topic}/${round}`, (message) => {
          if (isCut) behind.push(toNumber(message));
          if (toNumber(message) === count - 1) last.resolve();
        });
        let read: Promise<readonly Uint8Array[]> | undefined;
        for (let number = 0; number < count; number++) {
          ours.publish(`${topic}/${round}`, Uint8Array.of(number >> 8, number & 255), many);
          // So that not all of it is one turn's.
          if (number % 10 === 0) await ours.read(`${topic}/pause`, rules);
          if (number === 40 * round + 50) read = theirs.read(`${topic}/${round}`, many, { cutOwn: () => undefined, cutOthers: () => void (isCut = true) });
        }
        const [kept] = await Promise.all([read, last.promise]);
        equal([...(kept ?? []).map(toNumber), ...behind].join(), all);
      }
    }),
    withKeepers("what a process publishes itself is in what it reads up to the cut, and not behind it", async ({ b, theirs, topic }) => {
      const many: KeepRules = { ...rules, keep: 1_000 };
      await b.subscribe(topic, () => undefined);
      for (let round = 0; round < 10; round++) {
        let published = round * 3;
        let cutAt = -1;
        const publish = (): void => theirs.publish(topic, Uint8Array.of(++published), many);
        publish();
        const read = theirs.read(topic, many, { cutOwn: () => void (cutAt = published), cutOthers: () => undefined });
        publish();
        await Promise.resolve();
        publish();
        equal((await read).length, cutAt);
      }
    }),
    withKeepers("a topic that is not subscribed is read too, where it is to be cut", async ({ b, ours, theirs, topic }) => {
      const cut: Cut = { cutOwn: () => undefined, cutOthers: () => undefined };
      ours.publish(topic, Uint8Array.of(1), rules);
      await equalLists(ours.read(topic, rules), [Uint8Array.of(1)]);
      await equalLists(theirs.read(topic, rules, cut), [Uint8Array.of(1)]);
      await b.subscribe(topic, () => undefined);
      b.unsubscribe(topic);
      await equalLists(theirs.read(topic, rules, cut), [Uint8Array.of(1)]);
    }),
    withKeepers("what is too old is not read, and makes room", async ({ ours, topic }) => {
      const short: KeepRules = { ...rules, keepMs: 1 };
      ours.publish(topic, Uint8Array.of(1), short);
      for (let count = 0; count < 1_000_000 && (await ours.read(topic, short)).length > 0; count++);
      await equalLists(ours.read(topic, short), []);
      ours.publish(topic, Uint8Array.of(2), short);
      // The newer one may be too old already.
      const left = (await ours.read(topic, rules)).map(([first]) => first);
      equal(left.includes(1), false);
    }),
    withKeepers("what is kept of a topic is kept of no other, whatever stands in their names", async ({ ours, theirs, topic: own }) => {
      const topics = ["a", "a:b", "{a}", "}a{", "a}", "{}a", "\\u007ba", "{a", "\u0000", "\ud800", "\ufffd", "", " ", "\u00e4", "a".repeat(1_000)].flatMap(
        (name) => [`${name}/${own}`, `${own}/${name}`],
      );
      for (const [index, topic] of topics.entries()) ours.publish(topic, Uint8Array.of(index), rules);
      for (const [index, topic] of topics.entries()) {
        await equalLists(ours.read(topic, rules), [Uint8Array.of(index)]);
        theirs.publish(topic, Uint8Array.of(index, index), rules);
        await equalLists(theirs.read(topic, rules), [Uint8Array.of(index), Uint8Array.of(index, index)]);
      }
      await equalLists(ours.read(own, rules), []);
    }),
  ];
}

function toNumber(message: Uint8Array): number {
  return (message[0] ?? 0) * 256 + (message[1] ?? 0);
}

async function equalLists(actual: Promise<readonly Uint8Array[]>, expected: readonly Uint8Array[]): Promise<void> {
  const [left, right] = [await actual, expected].map((list) => JSON.stringify(list.map((each) => [...each])));
  if (left !== right) throw new Error(`expected ${right}, got ${left}`);
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
