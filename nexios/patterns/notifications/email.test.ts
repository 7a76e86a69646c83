import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSmtpTransport, type SmtpOptions, type SmtpTransport } from "./email.ts";
import { type EmailMessage, toEmail } from "./email-message.ts";
import { MailServer } from "./mail-server.fixture.ts";
import type { Outgoing } from "./outgoing.ts";
import { mail, SendingHouse } from "./sending.fixture.ts";

const secret = "a secret for links in the tests, 32 letters";
const outgoing: Outgoing = { userId: "ann", delivery: "7-email", category: "outbid", priority: "normal", title: "Outbid", count: 1, at: 0 };
const facts = { from: "House <us@house.example>", to: "ann@example.com", url: "https://house.example", secret, unsubscribeUrl: "https://house.example/off/x" };

let server: MailServer;
let house: SendingHouse;
let transports: SmtpTransport[];

beforeEach(async () => {
  server = new MailServer();
  await server.listen();
  house = new SendingHouse();
  transports = [];
});

afterEach(async () => {
  await house.close();
  for (const transport of transports) transport.close();
  await server.close();
});

function connect(options: Partial<SmtpOptions> = {}): SmtpTransport {
  const transport = createSmtpTransport({ host: "localhost", port: server.port, ca: server.tls.certificate, ...options });
  transports.push(transport);
  return transport;
}

async function openHouse(transport = connect()): Promise<void> {
  await house.open({ email: { transport, from: facts.from, url: facts.url, secret } });
  await house.inbox.addEndpoint("ann", mail);
}

function send(message: EmailMessage, transport = connect()) {
  return transport.send(message, { signal: AbortSignal.timeout(10_000) });
}

test("what nobody has seen in fifteen minutes is mailed, as text and as a page, with a link that turns it off", async () => {
  await openHouse();

  await house.notify({ title: "“Clock” – outbid", body: "Line one\n<script>alert(1)</script> & more", link: '/lots/7?a="b"&c=<d>' });
  await house.untilMailIsDue();
  await house.until(async () => expect(await house.reports("email")).toEqual(["mail sent"]));

  const [mailed] = server.mailed;
  const [text, html] = [mailed?.parts.get("text/plain") ?? "", mailed?.parts.get("text/html") ?? ""];
  expect(mailed).toMatchObject({ from: "us@house.example", to: ["ann@example.com"], isSecure: true });
  expect(mailed?.headers.get("subject")).toEqual(["“Clock” – outbid"]);
  expect(mailed?.headers.get("auto-submitted")).toEqual(["auto-generated"]);
  expect(text).toContain("“Clock” – outbid\r\nLine one\r\n<script>alert(1)</script> & more\r\nhttps://house.example/lots/7?a=%22b%22&c=%3Cd%3E");
  expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt; &amp; more");
  expect(html).toContain('href="https://house.example/lots/7?a=%22b%22&amp;c=%3Cd%3E"');
  expect(html).not.toContain("<script");
  const off = mailed?.headers.get("list-unsubscribe")?.[0] ?? "";
  expect(off).toMatch(/^<https:\/\/house\.example\/notifications\/unsubscribe\/[\w.-]+>$/);
  expect(mailed?.headers.get("list-unsubscribe-post")).toEqual(["List-Unsubscribe=One-Click"]);
  expect(text).toContain(off.slice(1, -1));
});

test("the link turns the category's mail off when it is posted to, and not when it is looked at; another's or a changed one does nothing", async () => {
  await openHouse();
  await house.notify();
  await house.untilMailIsDue();
  await house.until(async () => expect(await house.reports("email")).toEqual(["mail sent"]));
  const path = new URL((server.mailed[0]?.headers.get("list-unsubscribe")?.[0] ?? "").slice(1, -1)).pathname;
  const preferences = async () => (await house.room().state()).preferences;

  const looked = await house.app.request(path);
  const page = await looked.text();
  const before = await preferences();
  const forged = await house.app.request(`${path.slice(0, -2)}xx`, { method: "POST" });
  const posted = await house.app.request(path, {
    method: "POST",
    body: "List-Unsubscribe=One-Click",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });

  expect([looked.status, before]).toEqual([200, []]);
  expect(page).toContain('<form method="post">');
  expect(looked.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(looked.headers.get("referrer-policy")).toBe("no-referrer");
  expect([forged.status, posted.status]).toEqual([404, 200]);
  expect(await preferences()).toEqual([{ category: "outbid", channel: "email", choice: "off" }]);
  await house.notify();
  await house.untilMailIsDue();
  await house.until(async () => expect((await house.app.subscriptions.lag()).map(({ entries }) => entries)).toEqual([0]));
  expect(server.mailed).toHaveLength(1);
});

test("a server that can't take it just now is asked again with the same message id, and one that refuses is not", async () => {
  await openHouse();
  server.answers.push({ code: 451, text: "Later" }, { code: 421, text: "Later still" });
  await house.notify();
  await house.untilMailIsDue();
  await house.until(async () => expect(await house.reports("email")).toEqual(["mail sent"]));

  server.answers.push({ code: 554, text: "No mail for ann@example.com" });
  await house.notify();
  await house.untilMailIsDue();
  await house.until(async () => expect(await house.reports("email")).toHaveLength(2));

  expect((await house.reports("email"))[1]).toMatch(/^mail failed: .*554 No mail for the address/);
  expect(server.mailed).toHaveLength(1);
  expect(server.mailed[0]?.headers.get("message-id")).toHaveLength(1);
  expect((await house.room().state()).items[1]?.deliveries[0]?.attempts).toMatchObject([{ status: "sent", attempt: 3 }]);
  expect(server.answers).toEqual([]);
});

test("a mail has the same message id at each try, and another one for another delivery or address", () => {
  const id = (some: Partial<Outgoing> = {}, to = facts.to) => toEmail({ ...outgoing, ...some }, { ...facts, to }).messageId;

  expect(id()).toMatch(/^<[\w-]{43}@house\.example>$/);
  expect(id()).toBe(id());
  expect(new Set([id(), id({ delivery: "8-email" }), id({ userId: "bob" }), id({}, "ann@other.example")]).size).toBe(4);
});

test("no text of a notification makes a header or another recipient", async () => {
  const wicked = "Hi\r\nBcc: eve@evil.example\u2028X-More: 1\n\nBody";
  const message = toEmail({ ...outgoing, title: wicked, body: ".\r\nQUIT\r\n", link: "javascript:alert(1)" }, facts);

  const { id } = await send(message);

  const [mailed] = server.mailed;
  expect(id).toBe(message.messageId);
  expect(mailed?.headers.get("message-id")).toEqual([message.messageId]);
  expect(mailed?.headers.get("subject")).toEqual(["Hi Bcc: eve@evil.example X-More: 1 Body"]);
  expect([mailed?.headers.has("bcc"), mailed?.headers.has("x-more"), mailed?.to]).toEqual([false, false, ["ann@example.com"]]);
  expect(mailed?.parts.get("text/plain")).toContain("\r\n.\r\nQUIT");
  expect(mailed?.parts.get("text/html")).not.toContain("javascript:");
});

test("a digest's mail lists what there is, and how many more there were", async () => {
  const item = (title: string, link?: string) => ({ title, ...(link !== undefined && { link }) });
  const digest = [item("One & only", "/1"), item("Two")] as unknown as NonNullable<Outgoing["digest"]>;

  await send(toEmail({ ...outgoing, title: "5 new: mention", count: 5, digest }, facts));

  const [mailed] = server.mailed;
  expect(mailed?.headers.get("subject")).toEqual(["5 new: mention"]);
  expect(mailed?.parts.get("text/plain")).toMatch(/5 new: mention\s+One & only\s+https:\/\/house\.example\/1\s+Two\s+And 3 more\./);
  expect(mailed?.parts.get("text/html")).toContain('<h2><a href="https://house.example/1">One &amp; only</a></h2>');
});

test("without TLS nothing is sent unless that was said, a password that is wrong is tried again, and one that is right is taken", async () => {
  const message = toEmail(outgoing, facts);

  await expect(send(message, connect({ user: "us", password: "wrong" }))).rejects.not.toMatchObject({ name: "PermanentFailure" });
  await expect(send(message, connect({ host: "127.0.0.1", ca: new MailServer().tls.certificate }))).rejects.not.toMatchObject({ name: "PermanentFailure" });
  expect(server.mailed).toEqual([]);
  await send(message, connect({ user: "us", password: "right" }));
  await send(message, connect({ security: "none" }));

  expect(server.mailed.map(({ isSecure }) => isSecure)).toEqual([true, false]);
});

const refuse = (code: number) => (_address: unknown, _session: unknown, callback: (error: Error) => void) =>
  callback(Object.assign(new Error("No"), { responseCode: code }));

test.each<[string, ConstructorParameters<typeof MailServer>[0], boolean]>([
  ["takes no TLS", { disabledCommands: ["STARTTLS"] }, false],
  ["wants a sign-in that is not given", { authOptional: false }, false],
  ["wants a sign-in before a recipient", { onRcptTo: refuse(530) }, false],
  ["takes no such sender", { onMailFrom: refuse(553) }, false],
  ["has no such recipient", { onRcptTo: refuse(550) }, true],
  ["has no room for the recipient just now", { onRcptTo: refuse(452) }, false],
])("a server that %s: another try is made unless it is the recipient's fault", async (_what, options, isPermanent) => {
  await server.close();
  server = new MailServer(options);
  await server.listen();

  const error: unknown = await send(toEmail(outgoing, facts)).catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(Error);
  expect((error as Error).name === "PermanentFailure").toBe(isPermanent);
});

test("a server that takes no TLS is reported at once and costs nobody his mail, which is sent when that is mended; a mail that fails is reported too", async () => {
  const reported: string[] = [];
  const note = (message: unknown): void => void reported.push(String((message as { error: unknown }).error));
  subscribe("nexios:error", note);
  try {
    let isMended = false;
    const [broken, good] = [new MailServer({ disabledCommands: ["STARTTLS"] }), server];
    await broken.listen();
    const [first, second] = [connect({ port: broken.port, ca: broken.tls.certificate }), connect()];
    await openHouse({ send: (message, options) => (isMended ? second : first).send(message, options), close: () => undefined });
    await house.notify();
    await house.untilMailIsDue();

    await house.until(() => expect(reported).toEqual([expect.stringContaining("STARTTLS")]));
    expect(await house.reports("email")).toEqual([]);
    isMended = true;
    await house.until(async () => expect(await house.reports("email")).toEqual(["mail sent"]));
    good.answers.push({ code: 554, text: "No mail for ann@example.com" });
    await house.notify();
    await house.untilMailIsDue();
    await house.until(() => expect(reported).toHaveLength(2));

    expect(reported[1]).toMatch(/554 No mail for the address/);
    await broken.close();
  } finally {
    unsubscribe("nexios:error", note);
  }
});
