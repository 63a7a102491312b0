import assert from "node:assert/strict";
import { test } from "node:test";
import { hostMatches, isHostPattern } from "../../../src/core/policy/hosts.ts";

function check(pattern: string, host: string, expected: boolean): void {
  test(`${pattern} ${expected ? "is" : "is not"} ${JSON.stringify(host)}`, () => {
    assert.equal(hostMatches(pattern, host), expected);
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
check("example.org:443", "example.org", false);
check("", "", false);

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
]) {
  checkPattern(good, true);
}
for (const bad of [
  "*",
  "",
  "a..b",
  "http://a.b",
  "a.b:80",
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
