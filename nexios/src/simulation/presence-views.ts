import type { Device } from "./device.ts";
import type { DeviceRoom } from "./device-room.ts";

/** A device in a room. */
export interface Place {
  readonly device: Device;
  readonly room: DeviceRoom;
}

/** Says which of the devices in one room sees others than those who are there, or somebody otherwise than the others do; nothing when all agree. */
export function findPresenceFaults(places: readonly Place[]): readonly string[] {
  const present = places.filter(({ device, room }) => device.isOn && room.isIn);
  const shown = new Set(present.filter(({ room }) => room.presence !== undefined).map(({ device }) => device.user.id));
  const expected = [...shown].toSorted().join();
  const first = present[0];
  return present.flatMap(({ device, room }) => {
    const who = `${device.name} in ${room.name} sees`;
    const seen = [...room.people.people.keys()].toSorted().join();
    if (seen !== expected) return [`${who} ${seen} where ${expected} are`];
    const other = [...shown].find((userId) => first !== undefined && stateOf(room, userId) !== stateOf(first.room, userId));
    return other === undefined || first === undefined
      ? []
      : [`${who} ${other} as ${stateOf(room, other)}, and ${first.device.name} as ${stateOf(first.room, other)}`];
  });
}

/** What somebody shows, as the device of the room was told. */
export function stateOf(room: DeviceRoom, userId: string): string {
  return new TextDecoder().decode(room.people.people.get(userId)?.state);
}
