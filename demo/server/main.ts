// `npm start`: the Saleroom at one address, with everything embedded, in a process that is started again when it dies.
const help = `npm start

Serves the Saleroom at one address, and starts the server again when it dies.
Settings: PORT (3000), HOST (127.0.0.1), NEXIOS_DATA (.data, the folder of the SQLite files), NEXIOS_SECRET, WEB_FOLDER (the built web app), METRICS_TOKEN (what a scraper of /metrics must show), TRUSTED_PROXIES (addresses or ranges, with commas between, whose X-Forwarded-For is believed).
Several processes are one Saleroom with the same REDIS_URL, DATABASE_URL (PostgreSQL, in place of SQLite) and NEXIOS_SECRET.
With NODE_ENV=production the server runs by itself: whatever runs it starts it again.
`;

if (process.argv.includes("--help")) {
  console.log(help);
  process.exit(0);
}

// A watcher starts the program again by itself, and must see what it imports.
const isAlone = process.argv.includes("--dev") || process.env["NODE_ENV"] === "production";
const isSupervised = process.argv.includes("--supervised");
if (isAlone || isSupervised) {
  const { serve } = await import("./serve.ts");
  await serve({ isSupervised, isAgain: process.argv.includes("--again") });
} else {
  const { Supervisor } = await import("./supervisor.ts");
  new Supervisor(import.meta.filename).start();
}
