import assert from "node:assert/strict";
import { duplexPair } from "node:stream";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { createAdmit } from "../../../../src/host/node/network/admission.ts";
import { createProxy } from "../../../../src/host/node/network/proxy.ts";
import { fixedServer, webServer } from "./outside.ts";

/** What the name server of these tests knows. */
const NAMES: Readonly<Record<string, string>> = { "good.test": "127.0.0.1", "rebound.test": "127.0.0.9" };

interface Expected {
  /** Found in what comes back. */
  readonly back: readonly RegExp[];
  /** What the filter was asked about, in order. */
  readonly asked: readonly string[];
  /** Found in what reached the server, a request each. */
  readonly reached?: readonly RegExp[];
}

/** Sends bytes to a proxy that lets good.test, rebound.test, localhost and 127.0.0.1 through. PORT in them is the port of a real server. */
function check(name: string, request: string, expected: Expected): void {
  test(name, { timeout: 10_000 }, async (t) => {
    const outside = await webServer(t);
    const place = (text: string) => text.replaceAll("PORT", String(outside.port));
    const asked: string[] = [];
    const filter = {
      async allows({ host, port, protocol }: { host: string; port: number; protocol: string }) {
        asked.push(`${protocol} ${host} ${port}`);
        return ["good.test", "rebound.test", "localhost", "127.0.0.1"].includes(host);
      },
    };
    const resolve = async (host: string) => [NAMES[host] ?? assert.fail(`${host} was looked up`)];
    const [inside, proxyEnd] = duplexPair();
    createProxy(createAdmit({ filter, resolve }))(proxyEnd);
    inside.write(Buffer.from(place(request), "latin1"));
    const back = await text(inside);
    for (const one of expected.back) assert.match(back, one);
    assert.deepEqual(asked, expected.asked.map(place));
    assert.equal(outside.log.length, expected.reached?.length ?? 0, outside.log.join("\n--\n"));
    for (const [index, one] of (expected.reached ?? []).entries()) {
      assert.match(outside.log[index] ?? "", new RegExp(place(one.source), one.flags));
    }
  });
}

const lines = (...all: readonly string[]) => `${all.join("\r\n")}\r\n\r\n`;
const END = "Connection: close";

check(
  "a request to an allowed host",
  lines("GET http://127.0.0.1:PORT/a?b=c#d HTTP/1.1", "Host: 127.0.0.1:PORT", END),
  {
    back: [/^HTTP\/1\.1 200 OK\r\n/, /\r\nDate: then\r\n/, /hello GET/],
    asked: ["http 127.0.0.1 PORT"],
    reached: [/^GET \/a\?b=c\nHost: 127\.0\.0\.1:PORT\nConnection: close\n$/],
  },
);
check(
  "a body with a length",
  `${lines("POST http://good.test:PORT/ HTTP/1.1", "Host: good.test:PORT", END, "Content-Length: 3")}abc`,
  {
    back: [/hello POST abc/],
    asked: ["http good.test PORT", "http 127.0.0.1 PORT"],
    reached: [/^POST \/\nHost: good\.test:PORT\nContent-Length: 3\nConnection: close\nabc$/],
  },
);
check(
  "a body in chunks",
  `${lines("POST http://127.0.0.1:PORT HTTP/1.1", "Host: 127.0.0.1:PORT", END, "Transfer-Encoding: chunked")}2\r\nab\r\n1\r\nc\r\n0\r\n\r\n`,
  {
    back: [/hello POST abc/],
    asked: ["http 127.0.0.1 PORT"],
    reached: [/^POST \/\n[\s\S]*Transfer-Encoding: chunked[\s\S]*\nabc$/],
  },
);
check(
  "fields that are for the proxy stay here",
  lines(
    "GET http://127.0.0.1:PORT/ HTTP/1.1",
    "Host: 127.0.0.1:PORT",
    "Connection: close, X-Mine, Host",
    "X-Mine: 1",
    "Proxy-Authorization: Basic eA==",
    "X-Kept: 2",
  ),
  {
    back: [/200 OK/],
    asked: ["http 127.0.0.1 PORT"],
    reached: [/^GET \/\nHost: 127\.0\.0\.1:PORT\nX-Kept: 2\nConnection: close\n$/],
  },
);
check(
  "each request of a connection is asked about",
  `${lines("GET http://127.0.0.1:PORT/ HTTP/1.1", "Host: 127.0.0.1:PORT")}${lines("GET http://evil.test/ HTTP/1.1", "Host: evil.test")}`,
  {
    back: [
      /^HTTP\/1\.1 200 OK[\s\S]*HTTP\/1\.1 403 Not allowed by the sandbox[\s\S]*may not connect to evil\.test \(port 80\)/,
    ],
    asked: ["http 127.0.0.1 PORT", "http evil.test 80"],
    reached: [/^GET/],
  },
);
check("HTTP/1.0 without a Host field", lines("GET http://127.0.0.1:PORT/ HTTP/1.0"), {
  back: [/hello GET/],
  asked: ["http 127.0.0.1 PORT"],
  reached: [/^GET/],
});
check(
  "a tunnel",
  `${lines("CONNECT good.test.:PORT HTTP/1.1", "Host: whatever")}${lines("GET /in HTTP/1.1", "Host: x", END)}`,
  {
    back: [/^HTTP\/1\.1 200 Connection established\r\n\r\nHTTP\/1\.1 200 OK/],
    asked: ["https good.test PORT", "https 127.0.0.1 PORT"],
    reached: [/^GET \/in/],
  },
);
check(
  "a tunnel to localhost needs no other address",
  `${lines("CONNECT LOCALHOST:PORT HTTP/1.1")}${lines("GET / HTTP/1.1", "Host: x", END)}`,
  {
    back: [/200 OK/],
    asked: ["https localhost PORT"],
    reached: [/^GET/],
  },
);
check("a tunnel to another host", lines("CONNECT evil.test:8443 HTTP/1.1", "Host: good.test"), {
  back: [/^HTTP\/1\.1 403 Not allowed by the sandbox\r\n[\s\S]*may not connect to evil\.test \(port 8443\)/],
  asked: ["https evil.test 8443"],
});
check(
  "after a refused tunnel nothing more is read",
  `${lines("CONNECT evil.test:443 HTTP/1.1", "Host: x")}${lines("GET http://127.0.0.1:PORT/ HTTP/1.1", "Host: 127.0.0.1:PORT")}`,
  {
    back: [/^HTTP\/1\.1 403[\s\S]*sent there\. Do not try other ways\.\n$/],
    asked: ["https evil.test 443"],
  },
);
check("a name that leads into this machine", lines("CONNECT rebound.test:PORT HTTP/1.1", "Host: x"), {
  back: [/403[\s\S]*rebound\.test leads to 127\.0\.0\.9/],
  asked: ["https rebound.test PORT", "https 127.0.0.9 PORT"],
});
check("a tunnel to nobody", lines("CONNECT 127.0.0.1:1 HTTP/1.1", "Host: x"), {
  back: [/^HTTP\/1\.1 502 .*[\s\S]*ECONNREFUSED/],
  asked: ["https 127.0.0.1 1"],
});
check("a request to nobody", lines("GET http://127.0.0.1:1/ HTTP/1.1", "Host: 127.0.0.1:1"), {
  back: [/^HTTP\/1\.1 502 .*[\s\S]*ECONNREFUSED/],
  asked: ["http 127.0.0.1 1"],
});

/** What nobody is asked about, since it could mean more than one thing. */
function checkOdd(name: string, request: string): void {
  check(name, request, { back: [/^HTTP\/1\.1 400 Bad Request\r\n/], asked: [] });
}

const good = "Host: 127.0.0.1:PORT";
checkOdd("another Host field", lines("GET http://127.0.0.1:PORT/ HTTP/1.1", "Host: evil.test:PORT"));
checkOdd("another port in the Host field", lines("GET http://127.0.0.1:PORT/ HTTP/1.1", "Host: 127.0.0.1:1"));
checkOdd("two Host fields", lines("GET http://127.0.0.1:PORT/ HTTP/1.1", good, good));
checkOdd(
  "two lengths",
  `${lines("POST http://127.0.0.1:PORT/ HTTP/1.1", good, "Content-Length: 1", "Content-Length: 2")}ab`,
);
checkOdd(
  "a length and chunks",
  `${lines("POST http://127.0.0.1:PORT/ HTTP/1.1", good, "Content-Length: 5", "Transfer-Encoding: chunked")}0\r\n\r\n`,
);
checkOdd(
  "chunks that are none",
  lines("POST http://127.0.0.1:PORT/ HTTP/1.1", good, "Transfer-Encoding: chunked, identity"),
);
checkOdd("lines that end with CR", `GET http://127.0.0.1:PORT/ HTTP/1.1\rHost: 127.0.0.1:PORT\r\r`);
checkOdd("a field that is folded", lines("GET http://127.0.0.1:PORT/ HTTP/1.1", good, "X: a", " Host: evil.test"));
checkOdd("a space before the colon", lines("GET http://127.0.0.1:PORT/ HTTP/1.1", "Host : 127.0.0.1:PORT"));
checkOdd("a NUL in a field", lines("GET http://127.0.0.1:PORT/ HTTP/1.1", good, "X: a\0b"));
checkOdd("a path alone", lines("GET / HTTP/1.1", good));
checkOdd("an https address", lines("GET https://127.0.0.1:PORT/ HTTP/1.1", good));
checkOdd("an ftp address", lines("GET ftp://127.0.0.1:PORT/ HTTP/1.1", good));
checkOdd("TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n");
checkOdd("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
checkOdd("SSH", "SSH-2.0-OpenSSH_9.6\r\n");
for (const host of [
  ...[
    "0x7f000001",
    "017700000001",
    "2130706433",
    "127.1",
    "0177.0.0.1",
    "127.0.0.01",
    "0x7f.0.0.1",
    "127.0.0.1.evil.1",
    "1.2.3.256",
  ],
  ...[
    "good.test\0.evil.test",
    "good.test%00.evil.test",
    "good%2etest",
    "good\xe3\x80\x82test",
    "good.test\\@evil.test",
    "a@good.test",
    "good..test",
  ],
  ...[
    "good.test:80:81",
    "good.test:0",
    "good.test:99999",
    "good.test:+80",
    "good.test:0x50",
    "[::1",
    "[::1%25lo]",
    "[good.test]",
    "",
    "-x.test",
    "*.test",
  ],
]) {
  const shown = JSON.stringify(host);
  checkOdd(
    `a tunnel to ${shown}`,
    lines(`CONNECT ${/:[^\]]*$/.test(host) ? host : `${host}:PORT`} HTTP/1.1`, "Host: x"),
  );
  checkOdd(`a request to ${shown}`, lines(`GET http://${host}/ HTTP/1.1`, `Host: ${host}`));
}

/** The one spelling in which the filter is asked. */
function checkSpelling(written: string, asked: string): void {
  check(`${written} is asked about as ${asked}`, lines(`CONNECT ${written}:443 HTTP/1.1`, "Host: x"), {
    back: [/^HTTP\/1\.1 403/],
    asked: [`https ${asked} 443`],
  });
}

checkSpelling("EVIL.Test.", "evil.test");
checkSpelling("[::FFFF:10.0.0.1]", "10.0.0.1");
checkSpelling("[0:0:0:0:0:ffff:0a00:1]", "10.0.0.1");
checkSpelling("[0:0::0:1]", "::1");
checkSpelling("xn--bcher-kva.example", "xn--bcher-kva.example");

/** A server that answers with these bytes; what the command gets of it. */
function checkAnswer(name: string, answer: string, back: RegExp): void {
  test(name, { timeout: 10_000 }, async (t) => {
    const outside = await fixedServer(t, answer);
    const [inside, proxyEnd] = duplexPair();
    createProxy(createAdmit({ filter: { allows: async () => true } }))(proxyEnd);
    const place = `127.0.0.1:${outside.port}`;
    inside.write(lines(`GET http://${place}/ HTTP/1.1`, `Host: ${place}`, END));
    assert.match(await text(inside).catch(() => "cut"), back);
  });
}

const OK = "HTTP/1.1 200 OK\r\n";
const NO_ANSWER = /^HTTP\/1\.1 502 Bad Gateway\r\n[\s\S]*There was no answer from 127\.0\.0\.1 \(port \d+\): /;
checkAnswer("no answer", "", NO_ANSWER);
checkAnswer("an answer that is none", "hello\r\n\r\n", NO_ANSWER);
checkAnswer("half an answer", "HTTP/1.1 200", NO_ANSWER);
checkAnswer("an answer with two lengths", `${OK}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, NO_ANSWER);
checkAnswer(
  "an answer with a length and chunks",
  `${OK}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  NO_ANSWER,
);
checkAnswer("an answer with a NUL", `${OK}X: a\0b\r\n\r\n`, NO_ANSWER);
checkAnswer(
  "an answer in another protocol",
  "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nabc",
  NO_ANSWER,
);
checkAnswer("an answer with more in its head than fits", `${OK}X: ${"x".repeat(100_000)}\r\n\r\n`, NO_ANSWER);
checkAnswer(
  "an answer beyond ASCII",
  "HTTP/1.1 200 \xe9\r\nX: \xe9\r\n\r\nbody",
  /^HTTP\/1\.1 200 \S+\r\nX: [\s\S]*body/,
);
checkAnswer(
  "an answer until the end of the connection",
  `${OK}\r\nall of it`,
  /^HTTP\/1\.1 200 OK\r\n[\s\S]*all of it/,
);
checkAnswer(
  "an answer after others that are none",
  `HTTP/1.1 103 Early\r\n\r\n${OK}Content-Length: 2\r\n\r\nab`,
  /^HTTP\/1\.1 200 OK[\s\S]*ab$/,
);
checkAnswer("an answer that is cut", `${OK}Content-Length: 100\r\n\r\nab`, /^cut$/);
