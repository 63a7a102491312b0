import assert from "node:assert/strict";
import { test } from "node:test";
import { customCall, message } from "../../src/core/model/demo/output.ts";
import type { AgentSettings } from "../../src/core/settings.ts";
import type { FileChangeApprovalAnswer } from "../../src/protocol/approvals.ts";
import type { ThreadItem } from "../../src/protocol/items.ts";
import type { PendingApproval } from "../../src/protocol/threadView.ts";
import { assertGolden } from "../support/golden.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { outputsOf } from "../support/modelInput.ts";
import { type Play, play } from "../support/play.ts";
import { normalize } from "../support/transcript.ts";

const lines = "1\n2\n3\n4\n5\n";
const patch = customCall(
  "apply_patch",
  "*** Begin Patch\n*** Update File: a\n@@\n-1\n+one\n 2\n@@\n 4\n-5\n+five\n*** Add File: new\n+new\n*** End Patch",
);

type Answer = (hunks: readonly string[], asked: PendingApproval) => FileChangeApprovalAnswer;

interface Case {
  readonly answers?: readonly Answer[];
  readonly settings?: Partial<AgentSettings>;
  /** What the editor makes of what it saves. */
  readonly onSave?: (text: string) => string;
  /** Made to the file while the question is open. */
  readonly meanwhile?: string;
}

interface Expected {
  readonly asked: number;
  readonly files: Readonly<Record<string, string | undefined>>;
  readonly status?: "completed" | "declined";
  /** Paths and diffs of the item as it ended. */
  readonly changes?: readonly string[];
  /** What the model is told. */
  readonly output: string | RegExp;
}

async function played({ answers = [], settings = {}, meanwhile, onSave }: Case, expected: Expected): Promise<Play> {
  const saved = (bytes: Uint8Array) => {
    const text = new TextDecoder().decode(bytes);
    const next = onSave?.(text) ?? text;
    return next === text ? undefined : new TextEncoder().encode(next);
  };
  const host = createMemoryHost({ files: { "/workspace/a": lines }, onSave: (_, bytes) => saved(bytes) });
  const asked: PendingApproval[] = [];
  const one = await play({
    host,
    settings,
    script: [[patch], message("Done.")],
    async answer(question) {
      const answer = answers[asked.length];
      asked.push(question);
      const { params } = question;
      const files = "files" in params ? (params.files ?? []) : [];
      if (meanwhile) await host.files.apply([await update("/workspace/a", meanwhile)], new AbortController().signal);
      return (
        answer?.(
          files.flatMap(({ hunks }) => hunks.map(({ id }) => id)),
          question,
        ) ?? { decision: "accept" }
      );
    },
  });
  const update = async (path: string, text: string) => {
    const { bytes } = await host.files.read(path, new AbortController().signal);
    return { kind: "update" as const, path, before: bytes, after: new TextEncoder().encode(text) };
  };
  const { thread } = await one.start();
  const turn = await one.say(thread.id, "Do it.");
  assert.equal(turn.status, "completed");
  const { thread: read } = await one.client.request("thread/read", { threadId: thread.id, includeTurns: true });
  await one.close();
  assert.equal(asked.length, expected.asked, "questions");
  for (const [path, text] of Object.entries(expected.files)) assert.equal(await textOf(path), text, path);
  const item = read.turns[0]?.items.find(
    (one): one is ThreadItem & { type: "fileChange" } => one.type === "fileChange",
  );
  assert.equal(item?.status, expected.status ?? "completed");
  if (expected.changes)
    assert.deepEqual(
      item?.changes.map(({ path, diff }) => `${path}\n${diff}`),
      expected.changes,
    );
  const [output = ""] = outputsOf(one.server.requests[1]!);
  if (typeof expected.output === "string") assert.equal(output, expected.output);
  else assert.match(output, expected.output);
  return one;

  async function textOf(path: string): Promise<string | undefined> {
    const content = await host.files.read(`/workspace/${path}`, new AbortController().signal).catch(() => undefined);
    return content && new TextDecoder().decode(content.bytes);
  }
}

async function check(given: Case, expected: Expected): Promise<void> {
  await played(given, expected);
}

const accept = (answer: Omit<FileChangeApprovalAnswer, "decision">): FileChangeApprovalAnswer => ({
  decision: "accept",
  ...answer,
});

test("accepted as it stands", () =>
  check({}, { asked: 1, files: { a: "one\n2\n3\n4\nfive\n", new: "new\n" }, output: "Applied.\nM a\nA new" }));

test("one hunk of it: the others are not made, and the model is told which", async () => {
  const { transcript } = await played(
    { answers: [([first]) => accept({ acceptedHunks: [first!] })] },
    {
      asked: 1,
      files: { a: "one\n2\n3\n4\n5\n", new: undefined },
      changes: ["/workspace/a\n@@ -1,4 +1,4 @@\n-1\n+one\n 2\n 3\n 4\n"],
      output: [
        "Applied.",
        "M a",
        "The user accepted only a part of your change to a. From what you proposed to what was made of it:",
        "<diff>",
        "@@ -2,4 +2,4 @@",
        " 2",
        " 3",
        " 4",
        "-five",
        "+5",
        "</diff>",
        "The user accepted nothing of your change to new, so none of it was made.",
        "That is how the user wants it: do not propose again what they left out or changed, unless they ask.",
      ].join("\n"),
    },
  );
  assertGolden("turn/amended.txt", normalize([...transcript], {}));
});

test("none of it", () =>
  check(
    { answers: [() => accept({ acceptedHunks: [] })] },
    {
      asked: 1,
      files: { a: lines, new: undefined },
      status: "declined",
      output: /^Not applied\.\nThe user accepted nothing of your change to a, .*\n.* to new, .*\nThat is how/,
    },
  ));

test("with the user's text in one of its files", () =>
  check(
    { answers: [() => accept({ editedContent: [{ path: "/workspace/a", text: "one\n2\n3\n4\nFIVE\n" }] })] },
    {
      asked: 1,
      files: { a: "one\n2\n3\n4\nFIVE\n", new: "new\n" },
      output:
        /^Applied\.\nM a\nA new\nThe user rewrote your change to a\. .*\n<diff>\n@@ .*\n 2\n 3\n 4\n-five\n\+FIVE\n<\/diff>\nThat/,
    },
  ));

test("a long difference is cut between lines", () =>
  check(
    { answers: [() => accept({ editedContent: [{ path: "/workspace/a", text: "long line\n".repeat(5000) }] })] },
    {
      asked: 1,
      files: { a: "long line\n".repeat(5000) },
      output: /\+long line\n\(\d+ more lines of the difference: read the file\.\)\n<\/diff>/,
    },
  ));

test("what the user wrote into the file meanwhile stays, with one hunk made", () =>
  check(
    { meanwhile: "1\n2\n3\n4\n5\n6\n7\n", answers: [([first]) => accept({ acceptedHunks: [first!] })] },
    { asked: 1, files: { a: "one\n2\n3\n4\n5\n6\n7\n" }, output: /changed in other places before/ },
  ));

function checkWrong(name: string, wrong: Omit<FileChangeApprovalAnswer, "decision">): void {
  const asksAgain: Answer = (_, { params }) => {
    assert.match(params.reason ?? "", /not part of the proposal/);
    return { decision: "accept" };
  };
  test(`an answer that names ${name} that was not proposed leaves the question open`, () =>
    check(
      { answers: [() => accept(wrong), asksAgain] },
      { asked: 2, files: { a: "one\n2\n3\n4\nfive\n" }, output: /^Applied/ },
    ));
}
checkWrong("a hunk", { acceptedHunks: ["0-none"] });
checkWrong("a file", { editedContent: [{ path: "/workspace/b", text: "" }] });

test("a client that never answers anything else allows nothing, and no words of the user's are made of that", () =>
  check(
    { answers: Array.from({ length: 9 }, () => () => accept({ acceptedHunks: ["none"] })) },
    { asked: 5, files: { a: lines }, status: "declined", output: /^Not done: .* could not be followed/ },
  ));

test("a decline with hunks is a decline", () =>
  check(
    { answers: [() => ({ decision: "decline", acceptedHunks: ["none"], feedback: "Leave 5." })] },
    { asked: 1, files: { a: lines }, status: "declined", output: /Leave 5\./ },
  ));

test("reviewed afterwards, nobody is asked", () =>
  check(
    { settings: { editReview: "after", approvalPolicy: "on-request" } },
    { asked: 0, files: { a: "one\n2\n3\n4\nfive\n" }, output: /^Applied/ },
  ));

test("what the editor changes on saving is shown to the model", () =>
  check(
    { onSave: (text) => text.replace("one", "ONE") },
    {
      asked: 1,
      files: { a: "ONE\n2\n3\n4\nfive\n" },
      output:
        /^Applied\.\nM a\nA new\nThe editor changed a further on saving .*\n<diff>\n@@ .*\n-one\n\+ONE\n 2\n 3\n 4\n<\/diff>$/,
    },
  ));
