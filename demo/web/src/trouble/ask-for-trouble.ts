import { currentToken } from "../identity/identity-store.ts";

/** What the server says of the trouble that it takes part in. */
export interface ServerTrouble {
  readonly process: number;
  readonly canRestart: boolean;
}

/** Asks the server for a trouble of its own. */
export async function askForTrouble(what: "lines" | "restart"): Promise<"done" | "unreachable" | "refused"> {
  const response = await send(`/api/trouble/${what}`, "POST");
  if (response === undefined) return "unreachable";
  return response.ok ? "done" : "refused";
}

/** `undefined` if it does not answer. */
export async function readServerTrouble(): Promise<ServerTrouble | undefined> {
  const response = await send("/api/trouble", "GET");
  if (response?.ok !== true) return undefined;
  const { process, canRestart } = Object(await response.json().catch(() => undefined)) as { readonly process?: unknown; readonly canRestart?: unknown };
  return typeof process === "number" ? { process, canRestart: canRestart === true } : undefined;
}

async function send(path: string, method: string): Promise<Response | undefined> {
  const outcome = await currentToken(false);
  if (outcome.kind !== "token") return undefined;
  const headers = { authorization: `Bearer ${outcome.token}` };
  return fetch(path, { method, headers, signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
}
