import assert from "node:assert/strict";
import { test } from "node:test";
import { allowsHost, deniesHost, isHostPattern } from "../../../src/core/policy/hosts.ts";

function check(pattern: string, host: string, expected: boolean): void {
  test(`${pattern} ${expected ? "is" : "is not"} ${JSON.stringify(host)}`, () => {
    assert.equal(allowsHost(pattern, { host, port: 443 }), expected);
    assert.equal(deniesHost(pattern, { host, port: 8443 }), expected);
  });
}

check("example.org", "example.org", true);
check("Example.ORG", "example.org", true);
check("example.org.", "example.org", true);
check("example.org", "EXAMPLE.org.", true);
check("example.org", "www.example.org", false);
check("example.org", "example.org.evil.com", false);
check("example.org", "evilexample.org", false);
check("example.org", "exampleXorg", false);
check("*.example.org", "www.example.org", true);
check("*.example.org", "a.b.example.org", true);
check("*.example.org", "example.org", false);
check("*.example.org", "example.org.evil.com", false);
check("*.example.org", "evilexample.org", false);
check("*.example.org", ".example.org", false);
check("*.example.org", "evil.com\0.example.org", false);
check("*.example.org", "evil.com/.example.org", false);
check("*.example.org", "evil.com#.example.org", false);
check("*.example.org", "user@www.example.org", false);
check("*.example.org", "www\u3002example.org", false);
check("\u212aexample.org", "kexample.org", false);
check("*.0.0.1", "127.0.0.1", false);
check("127.0.0.1", "127.0.0.1", true);
check("127.0.0.1", "127.1", false);
check("127.0.0.1", "0x7f000001", false);
check("127.0.0.1", "[::ffff:127.0.0.1]", true);
check("[::1]", "::1", true);
check("0:0:0:0:0:0:0:1", "[::1]", true);
check("::1", "::2", false);
check("*", "example.org", false);
check("*.", "example.org", false);
check("*.*", "example.org", false);
check("ex*mple.org", "example.org", false);
check("https://example.org", "example.org", false);
check("", "", false);

/** Whether what allows, and what denies, is for this port. */
function checkPort(
  pattern: string,
  port: number,
  expected: { readonly allows: boolean; readonly denies: boolean },
): void {
  test(`${pattern} and port ${port}`, () => {
    const place = { host: pattern.includes("::") ? "::1" : "a.example.org", port };
    assert.deepEqual({ allows: allowsHost(pattern, place), denies: deniesHost(pattern, place) }, expected);
  });
}

const both = { allows: true, denies: true };
const neither = { allows: false, denies: false };
checkPort("a.example.org", 443, both);
checkPort("a.example.org", 80, both);
checkPort("a.example.org", 22, { allows: false, denies: true });
checkPort("*.example.org", 8443, { allows: false, denies: true });
checkPort("a.example.org:8443", 8443, both);
checkPort("A.example.org.:8443", 8443, both);
checkPort("*.example.org:8443", 8443, both);
checkPort("a.example.org:8443", 443, neither);
checkPort("[::1]:8443", 8443, both);
checkPort("[::1]:8443", 443, neither);
checkPort("::1", 443, both);
checkPort("::1", 8443, { allows: false, denies: true });

function checkPattern(pattern: string, expected: boolean): void {
  test(`${JSON.stringify(pattern)} ${expected ? "can" : "cannot"} be written in a rule`, () => {
    assert.equal(isHostPattern(pattern), expected);
  });
}

for (const good of [
  "localhost",
  "example.org",
  "*.org",
  "_x.example.org",
  "xn--bcher-kva.example",
  "10.0.0.1",
  "::1",
  "a.b:80",
  "*.a.b:65535",
  "[::1]:8080",
  "127.0.0.1:3000",
]) {
  checkPattern(good, true);
}
for (const bad of [
  "*",
  "",
  "a..b",
  "http://a.b",
  "a.b:",
  "a.b:0",
  "a.b:65536",
  "a.b:080",
  "a.b:80:80",
  ":80",
  "*:80",
  "a b",
  "1.2.3",
  "0x7f.1",
  "010.0.0.1",
  "b\u00fccher.example",
  "[::1",
  "a/b",
  "-a.b",
]) {
  checkPattern(bad, false);
}
