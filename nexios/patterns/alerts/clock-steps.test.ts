import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AlertsStage } from "./alerts-stage.fixture.ts";

const minute = 60_000;
const hour = 60 * minute;
let stage: AlertsStage;

beforeEach(async () => {
  stage = new AlertsStage();
  stage.clock.setTime(1_800_000_000_000);
  await stage.open();
});

afterEach(() => stage.close());

test("when the clock goes back by an hour, a value that stays too high still fires and is told", async () => {
  stage.temperatures(50);
  await stage.pass(minute);
  stage.temperatures(90, 50);
  await stage.pass(30_000);
  stage.clock.setTime(stage.clock.now() - hour);
  await stage.pass(3 * minute);

  expect(await stage.phases()).toBe("0 firing");
  await vi.waitFor(() => expect(stage.notices).toHaveLength(1));
});

test("when the clock goes back by an hour, the end of what fires is told", async () => {
  stage.temperatures(90, 90);
  await stage.pass(3 * minute);
  await vi.waitFor(() => expect(stage.notices).toHaveLength(1));
  stage.clock.setTime(stage.clock.now() - hour);
  stage.temperatures(50, 90);
  await stage.pass(7 * minute);

  expect(await stage.phases()).toBe("1 firing");
  await vi.waitFor(() => expect(stage.notices).toHaveLength(2));
  expect(stage.notices[1]?.resolved.map(({ labels }) => labels["host"])).toEqual(["0"]);
});

test("a process that starts with an earlier clock than the one before it evaluates after some looks", async () => {
  stage.temperatures(90);
  await stage.pass(2 * minute);
  expect(await stage.phases()).toBe("0 firing");
  await stage.app.stop({ deadlineMs: 200 });
  stage.clock.setTime(stage.clock.now() - hour);
  await stage.open();
  stage.temperatures(50);
  await stage.pass(2 * minute);

  expect(await stage.phases()).toBe("");
});

test("a source that hangs is given up though the clock goes back", async () => {
  const never = Promise.withResolvers<never>();
  await stage.reopen({ read: () => never.promise });
  await stage.pass(15_000);
  stage.clock.setTime(stage.clock.now() - hour);
  await stage.pass(minute);

  expect(stage.errors.length).toBeGreaterThan(1);
});

test("when the clock goes forward by an hour, what fires is told no later than ever", async () => {
  stage.temperatures(50);
  await stage.pass(minute);
  stage.clock.setTime(stage.clock.now() + hour);
  stage.temperatures(90);
  await stage.pass(3 * minute);

  expect(await stage.phases()).toBe("0 firing");
  await vi.waitFor(() => expect(stage.notices).toHaveLength(1));
});
