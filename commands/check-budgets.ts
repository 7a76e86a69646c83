// Sizes that the browser pays for, gzip. Built files stand in demo/web/dist.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

interface Budget {
  readonly what: string;
  readonly files: RegExp;
  readonly limitBytes: number;
}

// Each script belongs to one budget: a new page's chunk has to be given its own here.
const budgets: readonly Budget[] = [
  // Before a page's own. React is 58 kB of them; the client and its hooks come with the house.
  { what: "scripts of the shell", files: /^(index|house|shell|jsx-runtime|en)-.*\.js$/, limitBytes: 100_000 },
  // The pattern, its hooks and the words: once for all pages of the auction.
  { what: "scripts that the auction's pages share", files: /^auction-.*\.js$/, limitBytes: 10_000 },
  { what: "scripts of the auction", files: /^(lots|lot-page|live-description)-.*\.js$/, limitBytes: 10_000 },
  { what: "scripts of the rostrum and of one's own bids", files: /^(rostrum|mine)-.*\.js$/, limitBytes: 10_000 },
  { what: "scripts of the desk", files: /^desk-.*\.js$/, limitBytes: 10_000 },
  // Yjs, and what a text that many write is on the wire: for the lot's page and the editor.
  { what: "scripts of a text that many write", files: /^text-engine-.*\.js$/, limitBytes: 30_000 },
  // CodeMirror is 70 kB of them.
  { what: "scripts of a document", files: /^document-page-.*\.js$/, limitBytes: 110_000 },
  { what: "scripts of a document's history", files: /^history-panel-.*\.js$/, limitBytes: 5_000 },
  { what: "scripts of the page about the house", files: /^about-.*\.js$/, limitBytes: 2_000 },
  // The pattern, the bell and what pops up: they come after the first paint of any page.
  { what: "scripts of the bell", files: /^notices-.*\.js$/, limitBytes: 10_000 },
  { what: "scripts of the inbox and its preferences", files: /^(inbox|preferences)-page-.*\.js$/, limitBytes: 6_000 },
  { what: "scripts of the chat", files: /^chat-.*\.js$/, limitBytes: 10_000 },
  { what: "scripts of the trouble panel", files: /^trouble-panel-.*\.js$/, limitBytes: 6_000 },
  // uPlot is 23 kB of them.
  { what: "scripts of the control room", files: /^control-room-.*\.js$/, limitBytes: 60_000 },
  { what: "styles", files: /^index-.*\.css$/, limitBytes: 12_000 },
  { what: "styles of the bell and the inbox, which come with them", files: /^notices-.*\.css$/, limitBytes: 3_000 },
  { what: "styles of the control room, which come with it", files: /^control-room-.*\.css$/, limitBytes: 5_000 },
];

const assets = join(import.meta.dirname, "../demo/web/dist/assets");
const built = readdirSync(assets).filter((file) => /\.(js|css)$/.test(file));
for (const { what, files, limitBytes } of budgets) {
  const bytes = built.filter((file) => files.test(file)).reduce((sum, file) => sum + gzipSync(readFileSync(join(assets, file)), { level: 9 }).length, 0);
  console.error(`  ${what}: ${(bytes / 1000).toFixed(1)} of ${limitBytes / 1000} kB`);
  if (bytes === 0 || bytes > limitBytes) process.exitCode = 1;
}
for (const file of built.filter((each) => !budgets.some(({ files }) => files.test(each)))) {
  console.error(`  ${file} has no budget: give it one in commands/check-budgets.ts`);
  process.exitCode = 1;
}
