// A person's inbox, which the bench fills.
import { inspect } from "node:util";

import { type Authenticate, NexiosApp } from "nexios";
import { addInbox } from "nexios/notifications/server";

import { announce } from "./announce.ts";
import { answerQuestions } from "./answer-questions.ts";
import { liftedLimits } from "./lifted-limits.ts";

/** Whoever connects is who he says. */
const believe: Authenticate = ({ token }) => (token === undefined ? undefined : { user: { id: token, name: token } });
const app = new NexiosApp({ auth: { jwt: believe }, limits: liftedLimits });
const inbox = addInbox(app, { categories: { news: {} } });
const together = 500;
let made = 0;

function notify(count: number, keyOf: (number: number) => string): Promise<readonly { readonly id: string; readonly isNew: boolean }[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      inbox.notify("ann", { category: "news", title: `News ${made + index}` }, { producer: "bench", idempotencyKey: keyOf(made + index) }),
    ),
  );
}

answerQuestions({
  /** So many new ones. */
  fill: async () => {
    await notify(together, String);
    made += together;
    return made;
  },
  /** One, asked for again and again under its key. */
  repeat: async () => {
    const answers = await notify(together, () => "the same");
    return { ids: [...new Set(answers.map(({ id }) => id))], made: answers.filter(({ isNew }) => isNew).length };
  },
});
const { port } = await app.listen({ port: 0, host: "127.0.0.1" });
announce({ port, lifted: inspect(liftedLimits, { breakLength: Infinity }) });
