// To be loaded before a program, by `--import URL?ms=NUMBER`: its wall clock is ahead by so much, as on a machine whose clock nobody sets.
const shiftMs = Number(new URL(import.meta.url).searchParams.get("ms"));
const RightDate = Date;
const now = (): number => RightDate.now() + shiftMs;

globalThis.Date = class ShiftedDate extends RightDate {
  constructor(...args: ConstructorParameters<DateConstructor> | []) {
    if (args.length === 0) super(now());
    else super(...args);
  }

  static override now(): number {
    return now();
  }
} as DateConstructor;
