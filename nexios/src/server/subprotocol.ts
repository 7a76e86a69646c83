/** The subprotocol whose right neighbour is a token. */
const tokenSubprotocol = "nexios.auth";

/** What `Sec-WebSocket-Protocol` offers, told apart. */
export interface OfferedSubprotocols {
  /** Those of the application, in the client's order; never the token. */
  readonly names: readonly string[];
  readonly token: string | undefined;
}

export function parseSubprotocols(header: string | undefined): OfferedSubprotocols {
  const items = (header ?? "").split(",").map((item) => item.trim());
  const isMark = (item: string | undefined): boolean => item === tokenSubprotocol;
  const token = items[items.indexOf(tokenSubprotocol) + 1];
  const names = items.filter((item, index) => item !== "" && !isMark(item) && !isMark(items[index - 1]));
  return { names, token: items.includes(tokenSubprotocol) && token !== "" ? token : undefined };
}

/** The answer: the first of ours that is offered, else the token's own subprotocol if there was one. */
export function selectSubprotocol(offered: OfferedSubprotocols, ours: readonly string[]): string | undefined {
  return ours.find((name) => offered.names.includes(name)) ?? (offered.token === undefined ? undefined : tokenSubprotocol);
}
