// Packs the package, installs it in an empty folder, and runs and type-checks a program there on each Node that it promises.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "nexios-package-"));
const program = `import { NexiosApp, auth, Channel } from "nexios";
import "nexios/auction/client";
import "nexios/auction/server";
import { accept, defineRoom, type } from "nexios/contract";
import { simulate } from "nexios/simulation";
import { connect } from "nexios/testing";

const app = new NexiosApp({ auth: { jwt: { secret: "0123456789abcdef0123456789abcdef" } } });
app.wsRoute("/echo/{room}", auth(["jwt"]), async (ws) => {
  await ws.accept();
  await app.channels.addChannelToGroup(new Channel(ws, { payloadType: "json" }), ws.params.room);
  for await (const message of ws.messages()) app.channels.groupSend(ws.params.room, { from: ws.user.id, message });
});
const token = await app.tokens.issue({ sub: "ann" }, { expiresInSeconds: 60 });
const peer = await connect(app, "/echo/1", { token });
peer.sendJson("hello");
console.log(JSON.stringify(await peer.nextJson()));
await app.stop();

const tally = defineRoom("tally/{id}", { log: "durable", entry: type<{ by: number }>(), state: type<number>(), calls: { add: { input: type<{ by: number }>() } } }).fold(0, (sum, { by }) => sum + by);
const tallies = tally.serve({ authorize: () => true, input: { add: { unchecked: true } }, decide: { add: (_sum, entry) => accept(entry) } });
await using house = new NexiosApp({ rooms: { folder: process.version } }).add(tallies);
await house.room(tally, { id: "1" }).call("add", { by: 5 });
console.log(await house.room(tally, { id: "1" }).state());
await simulate([tallies], { seeds: 2 }, async (world) => {
  const ann = world.client("ann").join(tally, { id: "1" });
  await ann.call("add", { by: 7 });
  await world.settle();
  if (ann.state !== 7) throw new Error(String(ann.state));
});
`;

try {
  run("npm", ["run", "--silent", "build"], root);
  run("publint", ["nexios", "--strict"], root);
  run("npm", ["pack", "--silent", "--pack-destination", folder], join(root, "nexios"));
  mkdirSync(join(folder, "user"));
  const user = join(folder, "user");
  writeFileSync(join(user, "package.json"), JSON.stringify({ name: "user", private: true, type: "module" }));
  writeFileSync(join(user, "main.ts"), program);
  run("npm", ["install", "--silent", "--no-audit", "--no-fund", "--prefer-offline", join(folder, "nexios-0.1.0.tgz"), "@types/node@26.6.6"], user);
  run("tsc", ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2024", "--lib", "es2024,esnext.disposable", "--types", "node", "main.ts"], user);
  for (const name of ["node_modules/.bin/node", "node_modules/node24/bin/node"]) {
    const node = join(root, name);
    // The package of the older Node exists for Linux and Windows alone.
    if (!existsSync(node)) continue;
    const version = run(node, ["--version"], user).trim();
    const line = run(node, ["main.ts"], user).trim();
    console.error(`  on Node ${version}: ${line}`);
    if (line !== '{"from":"ann","message":"hello"}\n5') throw new Error(`the packed program printed ${line}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}
