// @vitest-environment happy-dom
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createElement, type ReactElement } from "react";
import { ManualClock } from "nexios/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "../../src/react/page.fixture.ts";
import { Stage } from "../../src/react/stage.fixture.ts";
import { alertsRoom } from "./contract.ts";
import { useAlerts } from "./react.ts";
import { serveAlerts } from "./serve-alerts.ts";

let stage: Stage;
let clock: ManualClock;
let folder: string;

beforeEach(async () => {
  clock = new ManualClock();
  folder = mkdtempSync(join(tmpdir(), "nexios-page-"));
  stage = await Stage.open(clock, [serveAlerts({ mayWatch: () => true, mayAct: ({ id }) => id === "ann" })], folder);
});

afterEach(async () => {
  await stage.close();
  rmSync(folder, { recursive: true });
});

function View(): ReactElement {
  const { alerts, silences, isKnown, acknowledge, silence, unsilence } = useAlerts();
  const [first] = alerts;
  const rows = alerts.map(({ rule, phase, acknowledged, silence: by }) =>
    [rule, phase, acknowledged?.by.name ?? "", by?.why ?? ""].filter((word) => word !== "").join(" "),
  );
  const buttons: Readonly<Record<string, () => unknown>> = {
    acknowledge: () => acknowledge.call({ id: first?.id ?? 0 }),
    silence: () => silence.call({ matchers: [{ name: "alertname", value: "Hot" }], until: clock.now() + 3_600_000, why: "fans" }),
    back: () => unsilence.call({ id: silences[0]?.id ?? 0 }),
  };
  return createElement(
    "div",
    null,
    createElement("p", null, isKnown ? rows.join(", ") || "nothing fires" : "not known"),
    createElement("i", null, acknowledge.refusal?.code ?? ""),
    ...Object.entries(buttons).map(([name, onClick]) => createElement("button", { key: name, onClick: () => void onClick() }, name)),
  );
}

test("a page shows what fires, who is on it and what is silenced, as another page does it", async () => {
  const at = clock.now();
  const base = { labels: {}, metric: "m", ruleLabels: {}, since: at, value: 1, worst: 1 };
  const room = stage.app.room(alertsRoom, { name: "main" });
  const ann = stage.show(stage.visit("ann"), createElement(View));
  const bob = stage.show(stage.visit("bob"), createElement(View));
  const shows =
    (...of: readonly string[]) =>
    () =>
      [ann, bob].every((page, index) => page.textsOf("p")[0] === (of[index] ?? of[0]));
  await until(shows("nothing fires"));

  await room.call("evaluated", {
    at,
    evaluations: 0,
    entries: [
      { kind: "pending", at, alert: { ...base, rule: "Cold", phase: "pending" } },
      { kind: "firing", at, alert: { ...base, rule: "Hot", phase: "firing" } },
    ],
  });
  await until(shows("Hot firing, Cold pending"));
  bob.click("acknowledge");
  await until(() => bob.textsOf("i")[0] === "FORBIDDEN");
  ann.click("acknowledge");
  await until(shows("Hot firing ann, Cold pending"));
  ann.click("silence");
  await until(shows("Hot firing ann fans, Cold pending"));
  ann.click("back");
  await until(shows("Hot firing ann, Cold pending"));

  expect(ann.textsOf("p")).toEqual(bob.textsOf("p"));
});
