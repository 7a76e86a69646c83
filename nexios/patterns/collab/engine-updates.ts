// Updates of Yjs, taken apart and put together again: with `engine.ts` the only file that knows Yjs.
import * as Y from "yjs";

const spareBytes = 160;

/** What an update inserts, without what it deletes again itself. */
export function insertedText(update: Uint8Array): string {
  const { structs, ds } = Y.decodeUpdate(update);
  const isGone = ({ client, clock }: Y.ID, at: number): boolean =>
    ds.clients.get(client)?.some((range) => clock + at >= range.clock && clock + at < range.clock + range.len) ?? false;
  return structs
    .flatMap((struct) => (struct instanceof Y.Item && struct.content instanceof Y.ContentString ? [{ id: struct.id, text: struct.content.str }] : []))
    .map(({ id, text }) => (ds.clients.has(id.client) ? text.replaceAll(/[^]/g, (unit, at: number) => (isGone(id, at) ? "" : unit)) : text))
    .join("");
}

/** An update of one client as several that follow each other, none of more bytes or pieces; whole, if it is small enough. */
export function splitUpdate(update: Uint8Array, { bytes, pieces }: { readonly bytes: number; readonly pieces: number }): readonly Uint8Array[] {
  const { structs, ds } = Y.decodeUpdate(update);
  const deletes = [...ds.clients].flatMap(([client, ranges]) => unite(ranges).map(({ clock, len }) => ({ client, clock, len })));
  if (update.length <= bytes && structs.length + deletes.length <= pieces) return [update];
  const updates: Uint8Array[] = [];
  let [part, size]: [(Y.Item | Y.GC | Y.Skip)[], number] = [[], 0];
  const flush = (): void => {
    if (part.length > 0) updates.push(encodePart(part, []));
    [part, size] = [[], 0];
  };
  // A unit takes three bytes at most; what else an update has, takes less than the rest.
  const mostUnits = Math.max(2, Math.floor((bytes - spareBytes) / 3));
  for (const struct of structs.flatMap((each) => cut(each, mostUnits))) {
    const added = spareBytes / 4 + (struct instanceof Y.Item && struct.content instanceof Y.ContentString ? struct.length * 3 : 0);
    if (part.length >= pieces || (part.length > 0 && size + added > bytes)) flush();
    part.push(struct);
    size += added;
  }
  flush();
  // What is deleted may be of the same update: last.
  const most = Math.max(1, Math.min(pieces, Math.floor(bytes / (spareBytes / 4))));
  for (let at = 0; at < deletes.length; at += most) updates.push(encodePart([], deletes.slice(at, at + most)));
  return updates;
}

/** The same edits as if another client had made them. */
export function renameClient(update: Uint8Array, from: number, to: number): Uint8Array {
  const { structs, ds } = Y.decodeUpdate(update);
  const rename = (id: Y.ID | null): Y.ID | null => (id?.client === from ? Y.createID(to, id.clock) : id);
  const renamed = structs.map((struct) => {
    const id = rename(struct.id) ?? struct.id;
    if (!(struct instanceof Y.Item)) return struct instanceof Y.GC ? new Y.GC(id, struct.length) : new Y.Skip(id, struct.length);
    return new Y.Item(id, null, rename(struct.origin), null, rename(struct.rightOrigin), struct.parent, struct.parentSub, struct.content);
  });
  const deletes = [...ds.clients].flatMap(([client, ranges]) => ranges.map(({ clock, len }) => ({ client: client === from ? to : client, clock, len })));
  return encodePart(renamed, deletes);
}

/** How many stretches of pieces an update says that it has, each of one client: its first number. */
export function stretchesOf(update: Uint8Array): number {
  let [stretches, factor] = [0, 1];
  for (const byte of update) {
    stretches += (byte % 128) * factor;
    if (byte < 128) break;
    factor *= 128;
  }
  return stretches;
}

/** The same stretches, none of them twice. */
export function unite(ranges: readonly { readonly clock: number; readonly len: number }[]): readonly { readonly clock: number; readonly len: number }[] {
  const united: { clock: number; len: number }[] = [];
  for (const { clock, len } of ranges.toSorted((a, b) => a.clock - b.clock)) {
    const last = united.at(-1);
    if (last === undefined || clock > last.clock + last.len) united.push({ clock, len });
    else last.len = Math.max(last.len, clock + len - last.clock);
  }
  return united;
}

/** A long text as pieces that follow each other; never between the halves of a character. */
function cut(struct: Y.Item | Y.GC | Y.Skip, mostUnits: number): readonly (Y.Item | Y.GC | Y.Skip)[] {
  if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentString) || struct.length <= mostUnits) return [struct];
  const { id, origin, rightOrigin, parent, parentSub, content } = struct;
  const items: Y.Item[] = [];
  for (let at = 0; at < content.str.length;) {
    const far = Math.min(content.str.length, at + mostUnits);
    const end = far < content.str.length && /[\uD800-\uDBFF]/.test(content.str.charAt(far - 1)) ? far - 1 : far;
    const left = at === 0 ? origin : Y.createID(id.client, id.clock + at - 1);
    items.push(
      new Y.Item(Y.createID(id.client, id.clock + at), null, left, null, rightOrigin, parent, parentSub, new Y.ContentString(content.str.slice(at, end))),
    );
    at = end;
  }
  return items;
}

/** As Yjs writes an update: https://github.com/yjs/yjs#update-api, version 1. */
function encodePart(
  structs: readonly (Y.Item | Y.GC | Y.Skip)[],
  deletes: readonly { readonly client: number; readonly clock: number; readonly len: number }[],
): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  const [first] = structs;
  encoder.writeLen(first === undefined ? 0 : 1);
  if (first !== undefined) {
    encoder.writeLen(structs.length);
    encoder.writeClient(first.id.client);
    encoder.writeLen(first.id.clock);
    for (const struct of structs) struct.write(encoder, 0);
  }
  const clients = Map.groupBy(deletes, ({ client }) => client);
  encoder.writeLen(clients.size);
  for (const [client, ranges] of clients) {
    encoder.writeLen(client);
    encoder.writeLen(ranges.length);
    for (const { clock, len } of ranges) {
      encoder.writeDsClock(clock);
      encoder.writeDsLen(len);
    }
  }
  return encoder.toUint8Array();
}
