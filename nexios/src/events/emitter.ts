import { report } from "../world/report.ts";

/** The events of an app: a payload type by name, with dots between the parts of a name. */
export type EventMap = object;

/** Which listeners run first. */
export type Priority = "highest" | "high" | "normal" | "low" | "lowest";

export interface ListenOptions {
  /** `normal` unless given. Of one priority the first added runs first. */
  readonly priority?: Priority;
  /** Ends the listening. */
  readonly signal?: AbortSignal;
}

/** A listener that threw or rejected. */
export interface ListenerFailure {
  /** What it listens to. */
  readonly pattern: string;
  readonly error: unknown;
}

/** What became of an event. */
export interface EmitReport {
  /** Listeners that ran, those that failed included. */
  readonly called: number;
  readonly failures: readonly ListenerFailure[];
}

type NameOf<Events> = keyof Events & string;
type Matches<Pattern extends string> = Pattern extends `${infer Head}**${infer Tail}`
  ? `${Head}${string}${Tail}`
  : Pattern extends `${infer Head}*${infer Tail}`
    ? `${Head}${string}${Matches<Tail>}`
    : Pattern;

/** A name, or a pattern: `*` stands for one part of a name, `**` for one or more of them. */
export type EventPattern<Events> = NameOf<Events> | `${string}*${string}`;

/** What a listener to a pattern may get. */
export type PayloadOf<Events, Pattern extends string> = { [Name in NameOf<Events>]: Name extends Matches<Pattern> ? Events[Name] : never }[NameOf<Events>];

/** Gets the payload, and the name under which it was emitted. */
export type EventListener<Payload> = (payload: Payload, name: string) => void | Promise<void>;

/** Ends a listening. */
export type Unsubscribe = () => void;

interface Registered {
  readonly pattern: string;
  readonly listener: EventListener<never>;
  readonly rank: number;
  readonly once: boolean;
  readonly order: number;
  /** Lets go of what ends it. */
  readonly release: () => void;
}

const ranks: Record<Priority, number> = { highest: 0, high: 1, normal: 2, low: 3, lowest: 4 };

/**
 * Events inside one process, gone with it. Listeners run one after the other, by priority; a failing one hurts no other, and its failure is reported and returned.
 */
export class Emitter<Events extends EventMap> {
  readonly #warnAt: number;
  readonly #exact = new Map<string, Registered[]>();
  #wild: Registered[] = [];
  #order = 0;

  /** `warnAt`: so many listeners to one pattern are reported, since it is likely that somebody forgets to stop listening. */
  constructor(options: { readonly warnAt?: number } = {}) {
    this.#warnAt = options.warnAt ?? 100;
  }

  on<const Pattern extends EventPattern<Events>>(
    pattern: Pattern,
    listener: EventListener<PayloadOf<Events, Pattern>>,
    options: ListenOptions = {},
  ): Unsubscribe {
    return this.#add(pattern, listener, false, options);
  }

  /** Listens to one event, then no more. */
  once<const Pattern extends EventPattern<Events>>(
    pattern: Pattern,
    listener: EventListener<PayloadOf<Events, Pattern>>,
    options: ListenOptions = {},
  ): Unsubscribe {
    return this.#add(pattern, listener, true, options);
  }

  /** Ends a listening; without a listener all of the pattern. A no-op for strangers. */
  off<const Pattern extends EventPattern<Events>>(pattern: Pattern, listener?: EventListener<PayloadOf<Events, Pattern>>): void {
    this.#remove(pattern, (registered) => listener === undefined || registered.listener === listener);
  }

  /** Runs the listeners; the first begins at once. Resolves when the last has ended, and never rejects. */
  async emit<const Name extends NameOf<Events>>(name: Name, payload: Events[Name]): Promise<EmitReport> {
    const failures: ListenerFailure[] = [];
    const listeners = this.#listenersTo(name);
    let called = 0;
    for (const registered of listeners) {
      // It may have been stopped by one that ran before it.
      if (!this.#listOf(registered.pattern).includes(registered)) continue;
      if (registered.once) this.#remove(registered.pattern, (other) => other === registered);
      called++;
      try {
        // `on` has checked that the listener takes this payload.
        await registered.listener(payload as never, name);
      } catch (error) {
        failures.push({ pattern: registered.pattern, error });
        report("error", { where: `listener to ${registered.pattern}`, error });
      }
    }
    return { called, failures };
  }

  listenerCount(pattern: EventPattern<Events>): number {
    return this.#listOf(pattern).filter((registered) => registered.pattern === pattern).length;
  }

  /** The events whose names begin with `prefix` and a dot, by the rest of their names. */
  namespace<const Prefix extends string>(prefix: Prefix): EventNamespace<Events, Prefix> {
    return new EventNamespace(this, prefix);
  }

  #listenersTo(name: string): Registered[] {
    const wild = this.#wild.filter((registered) => matches(registered.pattern, name));
    return [...(this.#exact.get(name) ?? []), ...wild].toSorted((a, b) => a.rank - b.rank || a.order - b.order);
  }

  #listOf(pattern: string): Registered[] {
    return pattern.includes("*") ? this.#wild : (this.#exact.get(pattern) ?? []);
  }

  #setList(pattern: string, list: Registered[]): void {
    if (pattern.includes("*")) this.#wild = list;
    else if (list.length === 0) this.#exact.delete(pattern);
    else this.#exact.set(pattern, list);
  }

  #add(pattern: string, listener: EventListener<never>, once: boolean, { priority = "normal", signal }: ListenOptions): Unsubscribe {
    if (typeof listener !== "function") throw new TypeError(`The listener to "${pattern}" is not a function`);
    if (signal?.aborted) return () => undefined;
    const stop = (): void => this.#remove(pattern, (other) => other === registered);
    const release = (): void => signal?.removeEventListener("abort", stop);
    const registered: Registered = { pattern, listener, rank: ranks[priority], once, order: this.#order++, release };
    this.#setList(pattern, [...this.#listOf(pattern), registered]);
    const count = this.#listOf(pattern).filter((other) => other.pattern === pattern).length;
    if (count === this.#warnAt + 1) report("listeners", { event: pattern, count });
    signal?.addEventListener("abort", stop, { once: true });
    return stop;
  }

  /** Ends the listenings to `pattern` for which `isIt` holds. */
  #remove(pattern: string, isIt: (registered: Registered) => boolean): void {
    const list = this.#listOf(pattern);
    const gone = list.filter((registered) => registered.pattern === pattern && isIt(registered));
    if (gone.length === 0) return;
    this.#setList(
      pattern,
      list.filter((registered) => !gone.includes(registered)),
    );
    for (const { release } of gone) release();
  }
}

type RestOf<Events, Prefix extends string> = { [Name in NameOf<Events> as Name extends `${Prefix}.${infer Rest}` ? Rest : never]: Events[Name] };

/** A part of an emitter: `namespace("notification").on("created")` listens to `notification.created`. */
export class EventNamespace<Events extends EventMap, Prefix extends string> {
  // The names are put together here, where no type can follow them; the methods' own types are exact.
  readonly #emitter: Emitter<Record<string, unknown>>;
  readonly #prefix: string;

  constructor(emitter: Emitter<Events>, prefix: Prefix) {
    this.#emitter = emitter as unknown as Emitter<Record<string, unknown>>;
    this.#prefix = `${prefix}.`;
  }

  on<const Pattern extends EventPattern<RestOf<Events, Prefix>>>(
    pattern: Pattern,
    listener: EventListener<PayloadOf<RestOf<Events, Prefix>, Pattern>>,
    options?: ListenOptions,
  ): Unsubscribe {
    return this.#emitter.on(this.#prefix + pattern, listener as EventListener<unknown>, options);
  }

  once<const Pattern extends EventPattern<RestOf<Events, Prefix>>>(
    pattern: Pattern,
    listener: EventListener<PayloadOf<RestOf<Events, Prefix>, Pattern>>,
    options?: ListenOptions,
  ): Unsubscribe {
    return this.#emitter.once(this.#prefix + pattern, listener as EventListener<unknown>, options);
  }

  off<const Pattern extends EventPattern<RestOf<Events, Prefix>>>(
    pattern: Pattern,
    listener?: EventListener<PayloadOf<RestOf<Events, Prefix>, Pattern>>,
  ): void {
    this.#emitter.off(this.#prefix + pattern, listener as EventListener<unknown> | undefined);
  }

  emit<const Name extends keyof RestOf<Events, Prefix> & string>(name: Name, payload: RestOf<Events, Prefix>[Name]): Promise<EmitReport> {
    return this.#emitter.emit(this.#prefix + name, payload);
  }
}

/** Part by part, in time linear in the name for each `**`. */
function matches(pattern: string, name: string): boolean {
  return matchParts(pattern.split("."), name.split("."));
}

function matchParts(pattern: readonly string[], name: readonly string[]): boolean {
  // Of the last `**`: where it stands, and the last part of the name that it has taken.
  let [at, from, starAt, starEnd] = [0, 0, -1, 0];
  while (from < name.length) {
    if (pattern[at] === "**") {
      starAt = at++;
      starEnd = from++;
    } else if (at < pattern.length && (pattern[at] === "*" || pattern[at] === name[from])) {
      at++;
      from++;
    } else if (starAt >= 0) {
      at = starAt + 1;
      from = ++starEnd + 1;
    } else {
      return false;
    }
  }
  return from === name.length && at === pattern.length;
}
