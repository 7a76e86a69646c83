import { startNginx } from "../../commands/services/nginx.ts";
import { testProxy } from "./test-proxy.ts";

testProxy(startNginx);
