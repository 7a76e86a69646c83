import { startHaproxy } from "../../commands/services/haproxy.ts";
import { testProxy } from "./test-proxy.ts";

testProxy(startHaproxy);
