import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { atEnd } from "../../../support/atEnd.ts";
import { until } from "../../expect.ts";
import { type Ended, runForwarded } from "./forwarded.ts";
import { echoServer, floodServer, silentServer, webServer } from "./outside.ts";

const nothing = { allows: async () => false };
const all = { allows: async () => true };

/** Runs a command behind the forwarder, without any network, and compares how it ended. */
function check(name: string, command: readonly [string, ...string[]], expected: Partial<Ended>): void {
  test(name, { timeout: 20_000 }, async () => {
    const ended = await runForwarded(command, { filter: nothing, stdin: "typed" });
    assert.deepEqual({ ...ended, ...expected }, ended);
  });
}

const sh = (script: string, ...args: readonly string[]) => ["sh", "-c", script, "sh", ...args] as const;
check("exit codes, outputs and input are the command's own", sh("cat; echo out; echo err >&2; exit 7"), {
  code: 7,
  signal: null,
  stdout: "typedout\n",
  stderr: "err\n",
});
check("words reach the command as they are", sh('printf "%s|" "$@"', "--", "-e", "", "a b", "$HOME", "'\"\\"), {
  code: 0,
  stdout: "--|-e||a b|$HOME|'\"\\|",
});
check("a signal that ends the command shows in the exit code", sh("kill -9 $$"), { code: 137, signal: null });
check(
  "a signal to all does not end the forwarder before the command",
  sh("trap 'echo asked; exit 3' TERM; kill -TERM $PPID; kill -TERM $$; sleep 5"),
  {
    code: 3,
    stdout: "asked\n",
  },
);
check("a program that is not there", ["no-such-program"], {
  code: 127,
  stderr: "no-such-program cannot be started: ENOENT\n",
});
check("the channel is not the command's", sh("ls -l /proc/self/fd/3 2>&1 | grep -c socket; true"), { stdout: "0\n" });
check(
  "the usual variables name the proxy",
  sh(
    'for name in HTTP_PROXY https_proxy ALL_PROXY npm_config_proxy; do eval echo "\\$$name"; done | sed s/:[0-9]*$/:PORT/ | uniq -c; echo $NO_PROXY $NODE_USE_ENV_PROXY $ELECTRON_RUN_AS_NODE',
  ),
  { stdout: "      4 http://127.0.0.1:PORT\nlocalhost,127.0.0.1,::1 1\n" },
);

/** Speaks through the proxy that the variables name: argument 1 is host:port, then what is sent. Prints what came back. */
const speak = `
  const proxy = new URL(process.env.HTTP_PROXY);
  const [place, ...words] = process.argv.slice(1);
  const one = (word) => new Promise((resolve) => {
    let back = "";
    const socket = require("node:net").connect({ host: proxy.hostname, port: proxy.port, allowHalfOpen: true });
    socket.setEncoding("latin1").on("data", (data) => (back += data)).on("end", () => resolve(back));
    socket.on("error", (error) => resolve(error.code));
    socket.write("CONNECT " + place + " HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n");
    socket.end(word);
  });
  Promise.all(words.map(one)).then((all) => console.log(JSON.stringify(all)));`;

test("many connections at a time, each its own bytes, and each side ends alone", { timeout: 20_000 }, async (t) => {
  const outside = await echoServer(t);
  const words = Array.from({ length: 200 }, (_, index) => `${index}-`.repeat(50));
  const { stdout } = await runForwarded([process.execPath, "-e", speak, "--", `127.0.0.1:${outside.port}`, ...words], {
    filter: all,
  });
  assert.deepEqual(
    JSON.parse(stdout),
    words.map((word) => `HTTP/1.1 200 Connection established\r\n\r\n${word}`),
  );
});

test("large bodies are the same bytes on both sides", { timeout: 30_000 }, async (t) => {
  const outside = await echoServer(t);
  const place = `127.0.0.1:${outside.port}`;
  const program = `
    const { createHash } = require("node:crypto");
    const proxy = new URL(process.env.HTTP_PROXY);
    const sent = createHash("sha256"), back = createHash("sha256");
    const socket = require("node:net").connect({ host: proxy.hostname, port: proxy.port, allowHalfOpen: true });
    const pieces = (function* () {
      for (let size = 1; size < 400; size += 1) {
        const piece = Buffer.alloc(size * 100, "piece " + size);
        sent.update(piece);
        yield piece;
      }
    })();
    socket.write("CONNECT ${place} HTTP/1.1\\r\\n\\r\\n");
    socket.once("data", (head) => {
      back.update(head.subarray(head.indexOf("\\r\\n\\r\\n") + 4));
      socket.on("data", (data) => back.update(data));
      socket.on("end", () => console.log(back.digest("hex") === sent.digest("hex"), socket.bytesRead));
      require("node:stream").Readable.from(pieces).pipe(socket);
    });`;
  const { stdout, stderr } = await runForwarded([process.execPath, "-e", program], { filter: all });
  const size = 100 * ((399 * 400) / 2);
  assert.equal(stdout + stderr, `true ${size + "HTTP/1.1 200 Connection established\r\n\r\n".length}\n`);
});

test("connections that are not read do not hold up others", { timeout: 30_000 }, async (t) => {
  const [flood, outside] = [await floodServer(t), await echoServer(t)];
  const program = `
    const proxy = new URL(process.env.HTTP_PROXY);
    const open = (port) => {
      const socket = require("node:net").connect({ host: proxy.hostname, port: proxy.port });
      socket.write("CONNECT 127.0.0.1:" + port + " HTTP/1.1\\r\\n\\r\\n");
      return socket;
    };
    const stuck = Array.from({ length: 40 }, () => open(${flood.port}));
    Promise.all(stuck.map((socket) => new Promise((resolve) => socket.once("data", () => { socket.pause(); resolve(); })))).then(() => {
      const socket = open(${outside.port});
      socket.write("word");
      let back = "";
      socket.on("data", (data) => { back += data; if (back.endsWith("word")) { console.log("came back"); process.exit(); } });
    });`;
  const { stdout, stderr } = await runForwarded([process.execPath, "-e", program], { filter: all });
  assert.equal(stdout + stderr, "came back\n");
});

test("a command that ends in the middle of a tunnel closes it", { timeout: 20_000 }, async (t) => {
  const outside = await silentServer(t);
  const place = `127.0.0.1:${outside.port}`;
  const stdin = until("the word has come", async () => outside.log.length > 0).then(() => "");
  const program = `process.stdin.on("end", () => process.exit(5)).resume();${speak.replace("socket.end(", "socket.write(")}`;
  const { code } = await runForwarded([process.execPath, "-e", program, "--", place, "word"], { filter: all, stdin });
  assert.equal(code, 5);
  await until("the connection is closed", async () => outside.open() === 0);
});

test("a command that ends while its question waits connects to nothing", { timeout: 20_000 }, async (t) => {
  const outside = await echoServer(t);
  const place = `127.0.0.1:${outside.port}`;
  let answer = (_allowed: boolean) => {};
  const asked = Promise.withResolvers<string>();
  const filter = {
    allows() {
      asked.resolve("");
      return new Promise<boolean>((resolve) => {
        answer = resolve;
      });
    },
  };
  const speaking = runForwarded(
    [process.execPath, "-e", `process.stdin.on("end", () => process.exit(5)).resume();${speak}`, "--", place, "late"],
    { filter, stdin: asked.promise },
  );
  assert.equal((await speaking).code, 5);
  answer(true);
  await runForwarded([process.execPath, "-e", speak, "--", place, "after"], { filter: all });
  assert.deepEqual(outside.log, ["after"]);
});

/** The forwarder's program is a function's source text, and bundlers rewrite functions. */
function checkBundled(name: string, options: { minify: boolean; keepNames?: boolean }): void {
  test(name, { timeout: 20_000 }, async (t) => {
    const outside = await webServer(t);
    const folder = await mkdtemp(join(tmpdir(), "patchwright-"));
    atEnd(t, () => rm(folder, { recursive: true, force: true }));
    const outfile = join(folder, "forwarder.mjs");
    const entry = new URL("../../../../src/host/node/network/forwarder.ts", import.meta.url).pathname;
    const target = { format: "esm", platform: "node", target: "node22" } as const;
    await build({ entryPoints: [entry], outfile, bundle: true, logLevel: "silent", ...target, ...options });
    const { forwarderPrefix } = (await import(
      pathToFileURL(outfile).href
    )) as typeof import("../../../../src/host/node/network/forwarder.ts");
    const program = `fetch("http://127.0.0.1:${outside.port}/").then((r) => r.text()).then(console.log)`;
    const fetching = ["sh", "-c", 'unset NO_PROXY no_proxy; exec "$@"', "sh", process.execPath, "-e", program];
    const [node = "", ...words] = forwarderPrefix(3);
    const { stdout, stderr } = await runForwarded(["true"], { filter: all, argv: [node, ...words, ...fetching] });
    assert.equal(`${stdout}${stderr}`, "hello GET \n");
  });
}

checkBundled("a forwarder from a minified bundle", { minify: true });
checkBundled("a forwarder from a bundle that keeps names", { minify: true, keepNames: true });
