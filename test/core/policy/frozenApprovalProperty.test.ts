import assert from "node:assert/strict";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { approve } from "../../../src/core/approve.ts";
import type { FrozenApproval } from "../../../src/core/policy/frozenApproval.ts";
import { Waiting } from "../../../src/core/waiting.ts";
import type { ProgramImage } from "../../../src/host/processes.ts";
import type { Decision } from "../../../src/protocol/approvals.ts";
import { createFakeClock } from "../../support/fakeClock.ts";

type Change = (frozen: FrozenApproval) => FrozenApproval;

const word = fc.string({ maxLength: 6 });
const path = fc.constantFrom("/ws/a", "/ws/b", "/ws/sub/c d", "/tmp/x");
const plain = { noNullPrototype: true };
const program = fc.record(
  { path: fc.constantFrom("/usr/bin/x", "/opt/x"), realPath: fc.constantFrom("/usr/bin/x", "/opt/y"), content: word },
  plain,
);
const frozen: fc.Arbitrary<FrozenApproval> = fc.record(
  {
    argv: fc.array(word, { minLength: 1, maxLength: 5 }),
    cwd: fc.constantFrom("/ws", "/ws/sub", "/tmp"),
    rights: fc.record(
      {
        confined: fc.boolean(),
        writableRoots: fc.uniqueArray(fc.constantFrom("/ws", "/tmp", "/cache"), { maxLength: 3 }),
        network: fc.constantFrom("off", "asks", "on"),
      },
      plain,
    ),
    notes: fc.constant([]),
    image: fc.record(
      {
        realCwd: fc.constantFrom("/ws", "/real/ws", "/tmp"),
        environment: word,
        files: fc.dictionary(path, word, { maxKeys: 4, ...plain }),
        programs: fc.dictionary(fc.constantFrom("npm", "git"), program, plain),
      },
      plain,
    ),
  },
  plain,
);

const withArgv =
  (change: (argv: string[]) => readonly string[]): Change =>
  (one) => ({ ...one, argv: change([...one.argv]) });
const withRights =
  (change: Partial<FrozenApproval["rights"]>): Change =>
  (one) => ({ ...one, rights: { ...one.rights, ...change } });
const withImage =
  (change: Partial<FrozenApproval["image"]>): Change =>
  (one) => ({ ...one, image: { ...one.image, ...change } });
const withFile =
  (name: string, content: string | undefined): Change =>
  (one) => {
    const { [name]: _, ...others } = one.image.files;
    return withImage({ files: content === undefined ? others : { ...others, [name]: content } })(one);
  };
const withProgram =
  (name: string, now: ProgramImage | undefined): Change =>
  (one) => {
    const { [name]: _, ...others } = one.image.programs;
    return withImage({ programs: now ? { ...others, [name]: now } : others })(one);
  };
/** One word becomes two, or two become one. */
const splitOrJoined = (argv: string[]) => {
  const at = argv.findIndex((one) => one.includes(" "));
  return at < 0 ? [argv.join(" ")] : argv.toSpliced(at, 1, ...(argv[at] ?? "").split(" "));
};

/** Single differences; some are none for what they are applied to. */
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(fc.nat(5), word).map(([at, text]) => withArgv((argv) => argv.toSpliced(at % argv.length, 1, text))),
  fc.tuple(fc.nat(5), word).map(([at, text]) => withArgv((argv) => argv.toSpliced(at, 0, text))),
  fc.nat(5).map((at) => withArgv((argv) => argv.toSpliced(at % argv.length, 1))),
  fc.constant(withArgv(splitOrJoined)),
  fc.constant(withArgv((argv) => argv.toReversed())),
  word.map(
    (more) =>
      (one: FrozenApproval): FrozenApproval => ({ ...one, cwd: `${one.cwd}${more}` }),
  ),
  fc.boolean().map((confined) => withRights({ confined })),
  fc.constantFrom("off" as const, "asks" as const, "on" as const).map((network) => withRights({ network })),
  fc
    .constantFrom("/", "/ws")
    .map((root) => (one: FrozenApproval) => withRights({ writableRoots: [...one.rights.writableRoots, root] })(one)),
  word.map((environment) => withImage({ environment })),
  word.map((realCwd) => withImage({ realCwd })),
  fc
    .tuple(fc.constantFrom("npm", "git"), fc.option(program, { nil: undefined }))
    .map(([name, now]) => withProgram(name, now)),
  fc.tuple(path, fc.option(word, { nil: undefined })).map(([name, content]) => withFile(name, content)),
);

interface Asking {
  /** What the command is when it is looked at for the first time, and from then on. */
  readonly looks: readonly [FrozenApproval, FrozenApproval];
  /** What was allowed for the session. */
  readonly session?: FrozenApproval;
  readonly decision?: Decision;
}

/** How often the user is asked, who always answers the same. */
async function timesAsked({ looks: [first, later], session, decision: answer = "accept" }: Asking): Promise<number> {
  let asked = 0;
  let looks = 0;
  const verdict = await approve({ kind: "ask", sessionKey: "key", run: "unconfined" }, call, {
    clients: {
      notify: () => {},
      use: () => true,
      ask: async () => {
        asked++;
        return { decision: answer } as never;
      },
    },
    clock: createFakeClock(),
    allowed: { session: new Map(session ? [["key", session]] : []), turn: new Set() },
    waiting: new Waiting(
      () => {},
      () => true,
    ),
    freeze: async () => structuredClone(looks++ === 0 ? first : later),
    ready: async () => {},
    allowAlways: async () => assert.fail("no rule was asked for"),
  });
  assert.equal(verdict.kind, "allow");
  return asked;
}

const effect = { kind: "execute", argv: ["a"], cwd: "/ws", command: "a", rights: "default" } as const;
const signal = new AbortController().signal;
const call = { threadId: "t", turnId: "t", itemId: "i", effect, cwd: "/ws", signal };
const decision = fc.constantFrom("accept" as const, "acceptForSession" as const);

test("any single difference asks once more, and none does not", () =>
  fc.assert(
    fc.asyncProperty(frozen, change, decision, async (asked, differs, answer) => {
      const then = differs(asked);
      assert.equal(
        await timesAsked({ looks: [asked, then], decision: answer }),
        isDeepStrictEqual(asked, then) ? 1 : 2,
      );
    }),
    { numRuns: 400 },
  ));

test("what is the same is asked about once", () =>
  fc.assert(
    fc.asyncProperty(frozen, decision, async (asked, answer) =>
      assert.equal(await timesAsked({ looks: [asked, asked], decision: answer }), 1),
    ),
  ));

test("allowed for the session outside the sandbox, it is asked about again as soon as anything differs", () =>
  fc.assert(
    fc.asyncProperty(frozen, change, async (session, differs) => {
      const now = differs(session);
      assert.equal(await timesAsked({ looks: [now, now], session }), isDeepStrictEqual(session, now) ? 0 : 1);
    }),
    { numRuns: 400 },
  ));
