import { startHaproxy } from "../../commands/services/haproxy.ts";
import { testRestarts } from "./test-restarts.ts";

testRestarts(startHaproxy, { NOT_READY_MS: "3000", DRAIN_MS: "1500", DEADLINE_MS: "5000" });
