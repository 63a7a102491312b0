import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Outside, webServer } from "../host/node/network/outside.ts";
import { atEnd } from "../support/atEnd.ts";
import { runConfined } from "./networkRun.ts";
import { fileServer, tlsServer } from "./outsides.ts";

/** Programs leave 127.0.0.1 out of what they ask a proxy for; this machine answers at these as well. */
const GOOD = "127.0.0.2";
const EVIL = "127.0.0.3";

interface Scene {
  /** A folder that the command works in and may write. */
  readonly folder: string;
  readonly t: TestContext;
}

interface Expected {
  readonly code?: number;
  readonly output: RegExp;
  /** What reached the server that is allowed; each found in the log, in this order, and no other. */
  readonly reached?: readonly RegExp[];
  /** The server that is allowed; one that says hello when absent. */
  readonly server?: (scene: Scene) => Promise<Outside>;
  /** A program without which there is nothing to try. */
  readonly needs?: string;
}

/**
 * Runs a script confined, with a network of which it may reach GOOD alone. GOOD:PORT and EVIL:PORT in it are the places of real servers outside.
 * The other server must never have had a connection.
 */
function check(
  name: string,
  script: string,
  { code = 0, output, reached = [], server, needs = "curl" }: Expected,
): void {
  test(name, { timeout: 60_000, skip: !isThere(needs) && `There is no ${needs}.` }, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "patchwright-"));
    atEnd(t, () => rm(folder, { recursive: true, force: true }));
    const good = await (server?.({ folder, t }) ?? webServer(t, GOOD));
    const evil = await webServer(t, EVIL);
    const filter = { allows: async ({ host }: { host: string }) => host === GOOD };
    const placed = script
      .replaceAll("GOOD:PORT", `${GOOD}:${good.port}`)
      .replaceAll("EVIL:PORT", `${EVIL}:${evil.port}`);
    const ended = await runConfined(placed, folder, filter);
    assert.match(ended.output, output);
    assert.equal(ended.code, code, ended.output);
    assert.equal(evil.connections(), 0, evil.log.join("\n"));
    const log = good.log.join("\n");
    assert.equal(good.log.length, reached.length, log);
    for (const [index, one] of reached.entries()) assert.match(good.log[index] ?? "", one);
  });
}

function isThere(program: string): boolean {
  return spawnSync(program, ["--version"]).error === undefined;
}

const node = (program: string) => `'${process.execPath}' -e '${program}'`;

check("curl", "curl -sS http://GOOD:PORT/a -d data", { output: /^hello POST data$/, reached: [/^POST \/a/] });
check("curl with TLS", "curl -sS --cacert cert.pem https://GOOD:PORT/b", {
  needs: "openssl",
  server: ({ folder, t }) => tlsServer(t, folder, GOOD),
  output: /^hello over TLS$/,
  reached: [/^GET \/b/],
});
check("node's fetch", node('fetch("http://GOOD:PORT/c").then((r) => r.text()).then(console.log)'), {
  output: /^hello GET \n$/,
  reached: [/^GET \/c/],
});
check("python's urllib", `python3 -c 'import urllib.request as r; print(r.urlopen("http://GOOD:PORT/d").read())'`, {
  output: /hello GET/,
  reached: [/^GET \/d/],
});
check("git clone", "git clone -q http://GOOD:PORT/repo.git copy && cat copy/file", {
  server: repository,
  output: /^content\n$/,
  reached: [/info\/refs/, /HEAD/, /objects/, /objects/, /objects/],
});
check(
  "npm install",
  "npm install --cache cache --no-audit --no-fund --loglevel=error http://GOOD:PORT/p.tgz && node -p 'require(\"p\")'",
  {
    server: packaged,
    output: /^42$/m,
    reached: [/^GET \/p\.tgz/, /^GET \/p\.tgz/],
  },
);
check(
  "a server of the command's own, on its own loopback",
  node(`
  const server = require("node:http").createServer((_, res) => res.end("mine")).listen(0, "127.0.0.1", () =>
    fetch("http://127.0.0.1:" + server.address().port).then((r) => r.text()).then((text) => { console.log(text); server.close(); }));`),
  {
    output: /^mine\n$/,
  },
);
check("exit codes pass", "exit 41", { code: 41, output: /^$/ });

check("a host that is not allowed says so", "curl -s -o body -w '%{http_code}' http://EVIL:PORT/; cat body", {
  output: /^403This command may not connect to 127\.0\.0\.3 \(port \d+\)\. Nothing was sent there\./,
});
check("a tunnel to a host that is not allowed says so", "curl -sS https://EVIL:PORT/", { code: 56, output: /403/ });
check("without the proxy", "curl -sS --noproxy '*' http://GOOD:PORT/ || curl -sS --noproxy '*' http://EVIL:PORT/", {
  code: 7,
  output: /connect/i,
});
check("without the variables", 'env -i PATH="$PATH" curl -sS http://EVIL:PORT/', { code: 7, output: /connect/i });
check("a plain connection", "exec 5<>/dev/tcp/127.0.0.3/$(echo EVIL:PORT | cut -d: -f2)", {
  code: 1,
  output: /refused|unreachable/i,
});
check(
  "a packet without a connection",
  `python3 -c 'import socket; s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.sendto(b"x",("127.0.0.3",9)); print("sent into its own loopback", flush=True); s.connect(("192.0.2.1",53))'`,
  {
    code: 1,
    output: /sent into its own loopback\n[\s\S]*unreachable/,
  },
);
check("a name is not looked up", `python3 -c 'import socket; socket.getaddrinfo("secret.evil.test",80)'`, {
  code: 1,
  output: /gaierror/,
});
check("another proxy", "curl -sS -x http://EVIL:PORT http://GOOD:PORT/ || echo no way", { output: /no way/ });
check("SOCKS", 'curl -sS --socks5-hostname "$(echo $HTTP_PROXY | cut -d/ -f3)" http://EVIL:PORT/', {
  code: 97,
  output: /./,
});
check(
  "a redirect is asked about anew",
  "curl -sSL -w '%{http_code}' 'http://GOOD:PORT/redirect?http%3A%2F%2FEVIL:PORT%2Fx'",
  {
    output: /may not connect to 127\.0\.0\.3[\s\S]*403$/,
    reached: [/^GET \/redirect/],
  },
);
check(
  "a second request of the same connection",
  raw(
    "GET http://GOOD:PORT/1 HTTP/1.1\\r\\nHost: GOOD:PORT\\r\\n\\r\\nGET http://EVIL:PORT/2 HTTP/1.1\\r\\nHost: EVIL:PORT\\r\\n\\r\\n",
  ),
  {
    output: /^HTTP\/1\.1 200 [\s\S]*HTTP\/1\.1 403 /,
    reached: [/^GET \/1/],
  },
);
check("a Host field that names another", "curl -sS -w '%{http_code}' -H 'Host: EVIL:PORT' http://GOOD:PORT/", {
  output: /Host field must name[\s\S]*400$/,
});
check(
  "an address in an odd notation",
  'for host in 0x7f000003 2130706435 127.3 0177.0.0.3 "[::ffff:127.0.0.3]"; do curl -s -o body -w "%{http_code} " --path-as-is -x "$HTTP_PROXY" "http://$host:$(echo EVIL:PORT | cut -d: -f2)/"; done',
  {
    output: /^(40[03] ){5}$/,
  },
);
check("bytes that are no request", raw("\\x16\\x03\\x01\\x00\\x00EVIL:PORT\\r\\n\\r\\n"), {
  output: /^HTTP\/1\.1 400 /,
});
check("the forwarder's own channel cannot be opened", "ls -l /proc/$PPID/fd/3; exec 6<>/proc/$PPID/fd/3", {
  code: 1,
  output: /No such device or address|Permission denied|No such file/,
});
check(
  "what is left in the background ends with the command",
  "(sleep 600; curl http://EVIL:PORT/) >/dev/null 2>&1 & echo left",
  { output: /^left\n$/ },
);

/** Sends bytes to the proxy and prints what comes back until it closes. */
function raw(bytes: string): string {
  return node(`
    const proxy = new URL(process.env.HTTP_PROXY);
    const socket = require("node:net").connect({ host: proxy.hostname, port: proxy.port });
    socket.write("${bytes}"); socket.pipe(process.stdout);`);
}

async function repository({ folder, t }: Scene): Promise<Outside> {
  const work = join(folder, "work");
  await mkdir(work);
  await writeFile(join(work, "file"), "content\n");
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main", ...args], {
      cwd: work,
      stdio: "pipe",
    });
  git("init", "-q");
  git("add", "file");
  git("commit", "-qm", "first");
  git("clone", "-q", "--bare", ".", "../outside/repo.git");
  git("-C", "../outside/repo.git", "update-server-info");
  return fileServer(t, join(folder, "outside"), GOOD);
}

async function packaged({ folder, t }: Scene): Promise<Outside> {
  const outside = join(folder, "outside");
  await mkdir(join(outside, "package"), { recursive: true });
  await writeFile(join(outside, "package/package.json"), JSON.stringify({ name: "p", version: "1.0.0" }));
  await writeFile(join(outside, "package/index.js"), "module.exports = 42;\n");
  execFileSync("tar", ["czf", "p.tgz", "package"], { cwd: outside });
  return fileServer(t, outside, GOOD);
}
