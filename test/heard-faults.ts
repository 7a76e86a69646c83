/** What one member of a room of texts has heard and been told. */
export interface Heard {
  readonly room: string;
  readonly heard: readonly string[];
  /** What any member was told to be accepted there. */
  readonly accepted: readonly string[];
  /** What another member has heard. */
  readonly other: readonly string[];
  /** The state, as it is known here. */
  readonly texts: readonly string[] | undefined;
}

/** All that is not as promised: what was accepted is what each has heard, once and in one order, and what the state is. */
export function heardFaults({ room, heard, accepted, other, texts }: Heard): readonly string[] {
  const times = Map.groupBy(heard, (text) => text);
  return [
    ...accepted.filter((text) => !times.has(text)).map((text) => `${room}: ${text} was accepted, and is not there`),
    ...[...times].filter(([, each]) => each.length > 1).map(([text]) => `${room}: ${text} is there more than once`),
    ...(heard.length === accepted.length ? [] : [`${room}: ${heard.length} were heard of ${accepted.length}`]),
    ...(heard.join() === other.join() ? [] : [`${room}: two have heard different orders`]),
    ...(texts?.join() === heard.join() ? [] : [`${room}: the state is not what was heard`]),
  ];
}
