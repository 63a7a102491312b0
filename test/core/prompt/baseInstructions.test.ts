import assert from "node:assert/strict";
import { test } from "node:test";
import { message } from "../../../src/core/model/demo/output.ts";
import { traitsOf } from "../../../src/core/model/models.ts";
import { baseInstructionsFor } from "../../../src/core/prompt/baseInstructions.ts";
import { createMemoryHost } from "../../support/memoryHost.ts";
import { textsOf } from "../../support/modelInput.ts";
import { baseInstructions, play } from "../../support/play.ts";

const done = message("Done.");
const families = ["gpt-6.1-sol", "gpt-5.4", "gpt-4.1", "o3", "test-model"];

test("a part is for those it is for", () => {
  const markdown =
    "a\n<!-- reasoning -->\nb\n<!-- /reasoning -->\n<!-- no-reasoning -->\nc\n<!-- /no-reasoning -->\nd\n";
  assert.equal(baseInstructionsFor(markdown, traitsOf("gpt-5")), "a\nb\nd");
  assert.equal(baseInstructionsFor(markdown, traitsOf("gpt-4.1")), "a\nc\nd");
});
test("a part for nobody known is a mistake", () =>
  assert.throws(() => baseInstructionsFor("<!-- x -->\na\n<!-- /x -->\n", traitsOf("gpt-5")), /have a part x/));

for (const model of families) {
  test(`${model} is told all that it needs, and nothing of how the text is made`, () => {
    const text = baseInstructionsFor(baseInstructions, traitsOf(model));
    assert.doesNotMatch(text, /<!--|\n\n\n/);
    const { reasoning, customTools, lateTools } = traitsOf(model);
    assert.equal(text.includes("no JSON, no quotes"), customTools);
    assert.equal(text.includes("as a JSON string"), !customTools);
    assert.equal(text.includes("through `call_tool` only"), !lateTools);
    assert.equal(text.includes("Think in writing"), reasoning === undefined);
    const words = text.split(/\s+/).length;
    assert.ok(words > 1700 && words < 2200, `${words} words`);
  });
}

/** The instructions of the first request, when the setting names this file. */
async function check(file: string, content: string | Uint8Array | undefined, expected: string | RegExp) {
  const path = file.replace("~", "/home/user");
  const host = createMemoryHost({ files: content === undefined ? {} : { [path]: content } });
  const settings = { baseInstructionsFile: file as string | undefined };
  const played = await play({ host, settings, script: [done, done] });
  const { thread } = await played.start();
  const turn = await played.say(thread.id, "One.");
  if (typeof expected === "string") {
    assert.equal(turn.status, "completed");
    assert.equal(JSON.parse(played.server.requests[0]!.body).instructions, expected);
  } else {
    assert.match(turn.error?.message ?? "", expected);
    assert.match(turn.error?.message ?? "", /clear it; then send the message again\.$/);
    assert.equal(played.server.requests.length, 0);
    settings.baseInstructionsFile = undefined;
    await played.say(thread.id, "Two.");
    assert.deepEqual(textsOf(played.server.requests[0]!, "user").slice(-2), ["One.", "Two."]);
  }
  await played.close();
}

test("a file of the user's own", () => check("/home/user/own.md", " Be a parrot.\n", "Be a parrot."));
test("by its place in the user's folder", () => check("~/own.md", "Be a parrot.", "Be a parrot."));
test("one that is not there: nothing is sent, and the message is kept", () =>
  check("/home/user/own.md", undefined, /own instructions, \/home\/user\/own\.md, is not there\./));
test("an empty one", () => check("/home/user/own.md", " \n", /is empty/));
test("one that is no text", () => check("/home/user/own.md", Uint8Array.of(1, 0, 2, 255), /is not a text file/));
test("a huge one", () => check("/home/user/own.md", "word ".repeat(30_000), /has more than 131072 bytes/));
test("a relative one", () => check("own.md", undefined, /own\.md, is not an absolute path/));

test("a change of the file counts for new threads", async () => {
  const host = createMemoryHost({ files: { "/own.md": "First." } });
  const played = await play({ host, settings: { baseInstructionsFile: "/own.md" }, script: () => done });
  const { thread } = await played.start();
  await played.say(thread.id, "One.");
  host.files.put("/own.md", undefined);
  assert.equal((await played.say(thread.id, "Two.")).status, "completed");
  await played.close();
});
