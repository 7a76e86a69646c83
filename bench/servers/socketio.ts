import { serveSocketio } from "./serve-socketio.ts";

serveSocketio();
