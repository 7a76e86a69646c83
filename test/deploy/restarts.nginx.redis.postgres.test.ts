import { startNginx } from "../../commands/services/nginx.ts";
import { testRestarts } from "./test-restarts.ts";

testRestarts(startNginx, { NOT_READY_MS: "1000", DRAIN_MS: "1500", DEADLINE_MS: "5000" });
