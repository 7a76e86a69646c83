import { join } from "node:path";
import { type Client, createClient } from "nexios/client";
import { type Program, startProgram } from "../child-process.ts";

/** A process that serves notes. */
export interface NotesProcess {
  readonly program: Program;
  /** A client of a user's own. */
  connect(user: string): Client;
  /** Calls from the server: the kind of the outcome, or a code. */
  put(id: string, text: string): Promise<string>;
}

/** `env` names the stores. */
export async function startNotes(env: Readonly<Record<string, string>>): Promise<NotesProcess> {
  const program = startProgram(process.execPath, ["--conditions=source", join(import.meta.dirname, "notes-app.ts")], { NEXIOS_SECRET: "x".repeat(32), ...env });
  const [, port] = await program.line(/^port (\d+)$/);
  const url = `http://127.0.0.1:${port}`;
  return {
    program,
    connect: (user) => createClient({ url: `${url}/realtime`, token: () => user }),
    async put(id, text) {
      const answer = await fetch(`${url}/put/${id}/${text}`, { method: "POST" });
      return ((await answer.json()) as { readonly kind: string }).kind;
    },
  };
}
