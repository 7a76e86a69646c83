// `npm run audit -- LOT`: prints a lot's entries, secrets included, and verifies that none was altered, removed or swapped.
import { auditEntries } from "nexios/auction/server";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { withCauses } from "../demo/server/with-causes.ts";
import { toDatabaseUrl } from "../nexios/src/app/open-store.ts";
import { readLotDatabase } from "./audit/lot-database.ts";
import { readLotFile } from "./audit/lot-file.ts";
import type { StoredLot } from "./audit/to-lot.ts";

const help = `npm run audit -- LOT [--seal HASH]

LOT          a lot's id, such as house-1
--seal HASH  the seal that was printed at the close, if you have it on paper, all 64 digits of it (the Saleroom shows 12, its button copies all); those in the lists of sales are compared anyway

Reads the PostgreSQL database that DATABASE_URL names, or else the one in the folder NEXIOS_DATA (.data unless set), also while servers run, and changes nothing.
Prints each entry with what only the server knows of it: the reserve, all maxima. Keep it to yourself while the lot is open.
Who an auctioneer's word came from stands beside the chain, and is not verified; times and bidders are.
The last line of standard output is one JSON object; exit code 1 when the chain does not hold.
`;

const sealPattern = /^[0-9a-f]{64}$/;

try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { seal: { type: "string" }, help: { type: "boolean", default: false } } });
  const [lotId, ...more] = positionals;
  if (values.help) {
    console.log(help);
  } else if (lotId === undefined || more.length > 0) {
    console.error(help);
    process.exitCode = 1;
  } else {
    await audit(lotId, values.seal);
  }
} catch (error) {
  console.error(`audit: ${withCauses(error)}`);
  process.exitCode = 1;
}

async function audit(lotId: string, seal: string | undefined): Promise<void> {
  if (seal !== undefined && !sealPattern.test(seal)) throw new Error(`a seal has 64 digits, 0 to 9 and a to f: this is none: ${seal}`);
  const lot = await readLot(lotId);
  for (const { offset, at, author, entry } of lot.entries) {
    console.log(
      `${offset}  ${new Date(at).toISOString()}  ${author ?? "-"}  ${entry === undefined ? "unreadable" : JSON.stringify({ ...entry.change, shown: entry.shown })}`,
    );
  }
  const printed = seal === undefined ? lot.printed : [...lot.printed, seal];
  const { entries, firstBad, why } = auditEntries(lot.entries, { headOffset: lot.headOffset, printed });
  if (why !== undefined) console.error(`audit: ${why}`);
  if (firstBad !== undefined) process.exitCode = 1;
  console.log(JSON.stringify({ lot: lotId, entries, ok: firstBad === undefined, firstBad: firstBad ?? null }));
}

async function readLot(lotId: string): Promise<StoredLot> {
  const url = toDatabaseUrl({ env: process.env, options: {} });
  if (url !== undefined) {
    const lot = await readLotDatabase(url, lotId);
    if (lot === undefined) throw new Error(`the database that DATABASE_URL names has no lot "${lotId}"`);
    return lot;
  }
  const file = join(process.env["NEXIOS_DATA"] || ".data", "nexios.db");
  if (!existsSync(file)) throw new Error(`there is no ${file}: set NEXIOS_DATA to the folder of the database, or DATABASE_URL`);
  const lot = readLotFile(file, lotId);
  if (lot === undefined) throw new Error(`${file} has no lot "${lotId}"`);
  return lot;
}
