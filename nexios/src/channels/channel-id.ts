/** The id of a channel at a server; nobody guesses it. */
export function toChannelId(serverId: string): string {
  return `${serverId}.${crypto.randomUUID()}`;
}

/** The server that a channel is at; `undefined` for what is no id of a channel. */
export function serverOf(channelId: string): string | undefined {
  return /^([\w-]{12})\.[0-9a-f-]{36}$/.exec(channelId)?.[1];
}

/** Every id has so many characters. */
export const channelIdLength = 49;
