import { auth, type NexiosApp, readJson } from "nexios";
import * as z from "zod";

const sessionSeconds = 900;

const NewSession = z.object({ name: z.string().trim().min(1).max(40) });

/** `POST /api/session` gives a token for a name. With a token that still holds it gives a later one for the same person. */
export function addSessionRoutes(app: NexiosApp): void {
  app.post("/api/session", auth(["jwt"], { optional: true }), async (c) => {
    const { name } = await readJson(c, NewSession);
    const id = c.var.user?.id ?? crypto.randomUUID();
    const token = await app.tokens.issue({ sub: id, name }, { expiresInSeconds: sessionSeconds });
    return c.json({ token, user: { id, name }, expiresAt: c.env.edge.clock.now() + sessionSeconds * 1000 });
  });
}
