import { findProgram } from "./find-program.ts";
import { type Proxy, type ProxyOptions, startProxy } from "./proxy.ts";

/** Starts nginx by `docs/deploy/nginx.conf`. */
export function startNginx(options: ProxyOptions): Promise<Proxy> {
  const program = findProgram("nginx");
  if (program === undefined) throw new Error("There is no nginx here: apt-get install nginx-light, or set NGINX to the program");
  return startProxy(
    {
      program,
      name: "nginx",
      configuration: "nginx.conf",
      args: (folder, file) => ["-p", folder, "-c", file, "-e", `${folder}/error.log`, "-g", "daemon off;"],
      replacements: ({ folder, port, appPorts: [first, second], idleMs }) => [
        ["/run/nginx.pid", `${folder}/nginx.pid`],
        ["/var/log/nginx/", `${folder}/`],
        // Where its build would have it, only root may write.
        ["http {\n", `http {\n${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `  ${name}_temp_path ${folder}/${name};\n`).join("")}`],
        ["listen 80;", `listen 127.0.0.1:${port};`],
        ["app-1:3001", `127.0.0.1:${first}`],
        ["app-2:3002", `127.0.0.1:${second}`],
        ...(idleMs === undefined ? [] : [["proxy_read_timeout 60s;", `proxy_read_timeout ${idleMs}ms;`] as const]),
      ],
    },
    options,
  );
}
