/** Who may import whom among the folders of `nexios/src`; the linter enforces it, and `docs/architecture.md` explains it. */
export const layers: Readonly<Record<string, readonly string[]>> = {
  world: [],
  protocol: [],
  broker: [],
  metrics: ["world", "broker"],
  otlp: ["world", "metrics"],
  contract: ["protocol"],
  log: ["protocol"],
  sqlite: ["protocol", "log"],
  rooms: ["world", "protocol", "contract", "broker", "log"],
  server: ["world", "protocol", "contract"],
  endpoint: ["world", "protocol", "contract", "rooms", "server"],
  health: ["world", "metrics", "server"],
  channels: ["world", "protocol", "broker", "server"],
  events: ["world", "protocol", "contract", "log"],
  app: ["world", "protocol", "contract", "broker", "metrics", "log", "sqlite", "rooms", "server", "endpoint", "health", "channels", "events"],
  testing: ["world", "protocol", "broker", "server", "channels", "events", "app"],
  client: ["world", "protocol", "contract"],
  react: ["protocol", "contract", "client"],
  simulation: ["world", "protocol", "contract", "broker", "log", "rooms", "client"],
};

/** Outside packages of `nexios/src`, each with the one file, or the files of one name, that may import it. */
export const dependencyOwners: Readonly<Record<string, string>> = {
  "@codemirror/state": "nexios/patterns/collab/codemirror*.ts",
  "@codemirror/view": "nexios/patterns/collab/codemirror*.ts",
  "@hono/node-server": "nexios/src/server/listener.ts",
  "@standard-schema/spec": "nexios/src/contract/check.ts",
  "fast-diff": "nexios/patterns/collab/text-difference.ts",
  hono: "nexios/src/server/http.ts",
  jose: "nexios/src/server/jwt.ts",
  nodemailer: "nexios/patterns/notifications/email.ts",
  "web-push": "nexios/patterns/notifications/push.ts",
  "y-codemirror.next": "nexios/patterns/collab/codemirror*.ts",
  ws: "nexios/src/server/ws-engine.ts",
  yjs: "nexios/patterns/collab/engine*.ts",
};
