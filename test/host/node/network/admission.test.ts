import assert from "node:assert/strict";
import { test } from "node:test";
import { createAdmit } from "../../../../src/host/node/network/admission.ts";

interface Case {
  readonly allowed: readonly string[];
  /** What a name server says. */
  readonly addresses?: readonly string[];
  readonly expected: readonly string[] | RegExp;
  readonly asked: readonly string[];
}

function check(host: string, { allowed, addresses, expected, asked }: Case): void {
  test(`${host} at ${addresses ?? "no name server"} with ${allowed.join(", ") || "nothing"} allowed`, async () => {
    const questions: string[] = [];
    const filter = {
      async allows(target: { host: string }) {
        questions.push(target.host);
        return allowed.includes(target.host);
      },
    };
    const resolve = async () => addresses ?? assert.fail("A name was looked up.");
    const admission = await createAdmit({ filter, resolve })({ host, port: 443, protocol: "https" });
    if (expected instanceof RegExp)
      assert.match(admission.kind === "admitted" ? "admitted" : admission.reason, expected);
    else assert.deepEqual(admission, { kind: "admitted", addresses: expected });
    assert.deepEqual(questions, asked);
  });
}

check("a.test", { allowed: [], expected: /may not connect to a\.test \(port 443\)/, asked: ["a.test"] });
check("a.test", {
  allowed: ["a.test"],
  addresses: ["1.1.1.1", "2606:4700::1"],
  expected: ["1.1.1.1", "2606:4700::1"],
  asked: ["a.test"],
});
check("a.test", { allowed: ["a.test"], addresses: [], expected: /has no address/, asked: ["a.test"] });
check("a.test", {
  allowed: ["a.test"],
  addresses: ["10.0.0.1"],
  expected: /leads to 10\.0\.0\.1/,
  asked: ["a.test", "10.0.0.1"],
});
check("a.test", {
  allowed: ["a.test"],
  addresses: ["::ffff:127.0.0.1"],
  expected: /leads to 127\.0\.0\.1/,
  asked: ["a.test", "127.0.0.1"],
});
check("a.test", {
  allowed: ["a.test"],
  addresses: ["10.0.0.1", "1.1.1.1", "::1"],
  expected: ["1.1.1.1"],
  asked: ["a.test"],
});
check("a.test", {
  allowed: ["a.test", "10.0.0.1"],
  addresses: ["10.0.0.1", "10.0.0.2"],
  expected: ["10.0.0.1"],
  asked: ["a.test", "10.0.0.1"],
});
check("10.0.0.1", { allowed: ["10.0.0.1"], expected: ["10.0.0.1"], asked: ["10.0.0.1"] });
check("localhost", { allowed: ["localhost"], expected: ["127.0.0.1", "::1"], asked: ["localhost"] });
check("localhost", { allowed: ["127.0.0.1"], expected: /may not connect to localhost/, asked: ["localhost"] });
check("a.localhost", { allowed: ["a.localhost"], expected: ["127.0.0.1", "::1"], asked: ["a.localhost"] });

test("connections to one host wait for one answer, and later ones ask again", async () => {
  const waiting: { host: string; answer: (allowed: boolean) => void }[] = [];
  const filter = {
    allows: ({ host }: { host: string }) => new Promise<boolean>((answer) => waiting.push({ host, answer })),
  };
  const ask = createAdmit({ filter });
  const admit = async (host: string) => (await ask({ host, port: 443, protocol: "https" })).kind;
  const first = Promise.all([admit("10.0.0.1"), admit("10.0.0.1"), admit("10.0.0.2"), admit("10.0.0.1")]);
  assert.deepEqual(
    waiting.map(({ host }) => host),
    ["10.0.0.1", "10.0.0.2"],
  );
  waiting[0]?.answer(true);
  waiting[1]?.answer(false);
  assert.deepEqual(await first, ["admitted", "admitted", "refused", "admitted"]);
  const later = admit("10.0.0.1");
  waiting[2]?.answer(false);
  assert.equal(await later, "refused");
});
