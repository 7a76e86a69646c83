import { expect, test } from "vitest";
import { askSentinels } from "./sentinels.ts";

function facts(port: number, epoch: number): readonly unknown[] {
  return ["name", "own", "ip", "10.0.0.1", "port", `${port}`, "flags", "master", "config-epoch", Buffer.from(`${epoch}`)];
}

const silent = new Promise<never>(() => undefined);

test("the sentinel that has heard of the latest failover is believed, whichever answers first", async () => {
  const answers = new Map([
    ["a", Promise.resolve(facts(1, 3))],
    ["b", new Promise<readonly unknown[]>((resolve) => setImmediate(resolve, facts(2, 4)))],
  ]);

  expect(await askSentinels([...answers.keys()], (url) => answers.get(url) ?? silent)).toEqual({ host: "10.0.0.1", port: 2, epoch: 4, by: "b" });
});

test("when most have answered the others are not waited for, and when the others fail one is enough", async () => {
  const ask = (url: string): Promise<readonly unknown[]> => {
    if (url === "silent") return silent;
    return url === "gone" ? Promise.reject(new Error("gone")) : Promise.resolve(facts(7, 1));
  };

  expect(await askSentinels(["a", "silent", "b"], ask)).toMatchObject({ port: 7 });
  expect(await askSentinels(["gone", "a", "gone"], ask)).toMatchObject({ port: 7, by: "a" });
  await expect(askSentinels(["gone", "gone"], ask)).rejects.toThrow("gone");
});

test("an answer in another form is none", async () => {
  await expect(askSentinels(["a"], () => Promise.resolve(["ip", "10.0.0.1"]))).rejects.toThrow("in another form");
});
