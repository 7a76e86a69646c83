// Reads forged tokens whose headers name files and addresses, between two marks on standard output.
import { writeSync } from "node:fs";
import { ManualClock } from "../../nexios/src/testing/manual-clock.ts";
import { createTokens } from "../../nexios/src/server/jwt.ts";

const tokens = createTokens({ secret: "s".repeat(32), keys: [{ id: "known", key: new Uint8Array(32), algorithms: ["HS256"] }] }, new ManualClock());
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const headers = [
  { kid: "/etc/passwd" },
  { kid: "../../../../etc/passwd" },
  { kid: "file:///etc/passwd" },
  { kid: "http://127.0.0.1:9/keys" },
  { kid: "' or 1=1; --" },
  { jku: "http://127.0.0.1:9/keys" },
  { x5u: "http://127.0.0.1:9/certificate" },
  { jwk: { kty: "oct", k: "AAAA" } },
];
const read = (header: object): Promise<string> =>
  tokens
    .authenticate({
      token: `${encode({ alg: "HS256", ...header })}.${encode({ sub: "ann", exp: 4e9 })}.c2ln`,
      header: () => undefined,
      cookie: () => undefined,
    })
    .then(
      () => "taken",
      () => "refused",
    );

// Once before, so that whatever is loaded at the first use is loaded.
await read({});
writeSync(1, "begin\n");
const answers = await Promise.all(headers.map(read));
writeSync(1, `end ${answers.filter((answer) => answer === "refused").length} of ${headers.length}\n`);
