/** How a probe asks, and how many answers decide. */
export interface ProbeOptions {
  /** From the begin of one check to that of the next, at most: up to a tenth is taken off by chance, so that processes do not ask all at once. 10 s unless given. */
  readonly everyMs?: number;
  /** A check that takes longer has failed. 2 s unless given. */
  readonly timeoutMs?: number;
  /** So many failures in a row are `fail`; fewer are `warn`. 3 unless given. */
  readonly failAfter?: number;
  /** So many passed checks in a row are `pass` again. 1 unless given. */
  readonly okAfter?: number;
  /** Without it the process can do nothing of use, so that it is not ready while this fails. `false` unless given. */
  readonly needed?: boolean;
}

const defaultProbeOptions: Required<ProbeOptions> = { everyMs: 10_000, timeoutMs: 2_000, failAfter: 3, okAfter: 1, needed: false };

/** @throws TypeError for an option that there is not, or a value that is none. */
export function toProbeOptions(given: ProbeOptions): Required<ProbeOptions> {
  for (const name of Object.keys(given))
    if (!(name in defaultProbeOptions))
      throw new TypeError(`There is no option "${name}" of a probe: the options are ${Object.keys(defaultProbeOptions).join(", ")}`);
  const options = { ...defaultProbeOptions, ...given };
  for (const name of ["everyMs", "timeoutMs"] as const)
    if (!(options[name] > 0 && Number.isFinite(options[name])))
      throw new TypeError(`A probe's ${name} is a number of milliseconds above 0, not ${options[name]}`);
  for (const name of ["failAfter", "okAfter"] as const)
    if (!Number.isInteger(options[name]) || options[name] < 1) throw new TypeError(`A probe's ${name} is a number of checks, 1 or more, not ${options[name]}`);
  if (typeof options.needed !== "boolean") throw new TypeError("A probe's needed is true or false");
  return options;
}
