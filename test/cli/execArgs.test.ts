import assert from "node:assert/strict";
import { test } from "node:test";
import { parseOverrides } from "../../src/cli/config.ts";
import { type ExecArgs, parseExecArgs } from "../../src/cli/execArgs.ts";
import { folderOf, pictures, readSchema } from "../../src/cli/execInput.ts";
import { UsageError } from "../../src/cli/usageError.ts";

/** What is understood of a command line, as far as it is named here. */
function check(line: string, expected: Partial<ExecArgs>) {
  const parsed = parseExecArgs(line.split(" "));
  assert.deepEqual(
    Object.fromEntries(Object.keys(expected).map((key) => [key, parsed[key as keyof ExecArgs]])),
    expected,
  );
}

test("a prompt", () => check("--json hello", { json: true, prompt: "hello", resume: undefined }));
test("options before resume", () =>
  check("--experimental-json --model m -s read-only resume ID go", {
    json: true,
    model: "m",
    sandbox: "read-only",
    resume: { id: "ID" },
    prompt: "go",
  }));
test("and after it", () =>
  check("resume ID --image a.png -i b.png", { resume: { id: "ID" }, images: ["a.png", "b.png"], prompt: undefined }));
test("the newest thread", () => check("resume --last go", { resume: "last", prompt: "go" }));
test("the newest thread, its prompt from standard input", () =>
  check("--last resume", { resume: "last", prompt: undefined }));
test("a copy of a thread", () => check("resume --fork ID go", { resume: { id: "ID" }, fork: true, prompt: "go" }));
test("a copy of the newest thread", () => check("--fork resume --last", { resume: "last", fork: true }));
test("a dash", () => check("resume ID -", { resume: { id: "ID" }, prompt: "-" }));
test("help needs no thread", () => check("resume --help", { help: true, resume: undefined }));
test("after two dashes nothing is a command", () => check("-- resume", { resume: undefined, prompt: "resume" }));
test("what may be repeated", () =>
  check("--add-dir a --add-dir b -c a=1 --config b=2 x", { addDirs: ["a", "b"], config: ["a=1", "b=2"] }));

/** The arguments, or what they name, are wrong: the sentence about it begins like this. */
async function refuse(read: () => unknown, said: string) {
  await assert.rejects(
    async () => read(),
    (error: Error) => {
      assert.ok(error instanceof UsageError, error.stack);
      assert.ok(error.message.startsWith(said), error.message);
      return true;
    },
  );
}
const wrongLines: readonly [string, string][] = [
  ["--nonsense x", "Unknown option '--nonsense'"],
  ["x --model", "Option '-m, --model <value>' argument missing"],
  ["--model= x", "--model needs a value."],
  ["--json=yes x", "Option '--json' does not take an argument"],
  ["--sandbox none x", '--sandbox takes read-only, workspace-write, danger-full-access, and not "none".'],
  ["two prompts", 'There is one prompt; "prompts" is one too many.'],
  ["resume ID two prompts", 'There is one prompt; "prompts" is one too many.'],
  ["resume", "exec resume needs a thread"],
  ["--last go", "--last goes with resume"],
  ["--fork ID go", "--fork goes with resume"],
  ["resume --fork", "exec resume needs a thread"],
  ["resume --last two prompts", 'There is one prompt; "prompts" is one too many.'],
];
for (const [line, said] of wrongLines) test(`exec ${line}`, () => refuse(() => parseExecArgs(line.split(" ")), said));

test("--cd", () => refuse(() => folderOf("--cd", "absent"), "--cd absent: there is no such folder."));
test("--image", () => refuse(() => pictures(["absent.png"]), "--image absent.png: there is no such file."));
test("--output-schema", () => refuse(() => readSchema("absent.json"), "--output-schema absent.json cannot be read: "));
test("a schema that is not JSON", () =>
  refuse(() => readSchema("README.md"), "--output-schema README.md is not JSON: "));

const override = (pair: string, said: string) => refuse(() => parseOverrides([pair]), said);
test("--config without a value", () => override("model", "--config takes KEY=VALUE"));
test("--config without a key", () => override("=1", "--config takes KEY=VALUE"));
test("--config with a key that is none", () => override("a b=1", "--config takes KEY=VALUE"));
test("a value that is none of the choices", () =>
  override(
    "approval_policy=maybe",
    '--config: approval_policy: Invalid option: expected one of "untrusted"|"on-request"|"never".',
  ));
test("a number out of its range", () =>
  override("stream_max_retries=-1", "--config: stream_max_retries: Too small: expected number to be >=0."));
test("an address that is none", () => override("openai_base_url=ftp://x", "--config: openai_base_url: Invalid URL."));

/** What settings make of --config. */
function checkConfig(pairs: string[], expected: object, warnings: string[] = []) {
  const read = parseOverrides(pairs);
  assert.deepEqual(read.config, expected);
  assert.deepEqual(
    read.warnings.map((warning) => /"(.+?)"/.exec(warning)?.[1]),
    warnings,
  );
}
test("text needs no quotes", () => checkConfig(["model=gpt-5.4"], { model: "gpt-5.4" }));
test("and may have them", () => checkConfig(['model="gpt-5.4"'], { model: "gpt-5.4" }));
test("an equals sign in the value", () =>
  checkConfig(["openai_base_url=http://h/?a=b"], { openai_base_url: "http://h/?a=b" }));
test("numbers and booleans", () =>
  checkConfig(["stream_max_retries=2", "sandbox_workspace_write.network_access=true"], {
    stream_max_retries: 2,
    sandbox_workspace_write: { network_access: true },
  }));
test("a quoted key", () =>
  checkConfig(['projects."/a.b".trust_level=trusted'], { projects: { "/a.b": { trust_level: "trusted" } } }));
test("the last one counts, and tables are joined", () =>
  checkConfig(["model=a", "model=b", 'projects."/a".trust_level=trusted', 'projects."/b".trust_level=untrusted'], {
    model: "b",
    projects: { "/a": { trust_level: "trusted" }, "/b": { trust_level: "untrusted" } },
  }));
test("a value cannot bring a second key along", () =>
  checkConfig(["model=1\nsandbox_mode='read-only'"], { model: "1\nsandbox_mode='read-only'" }));
test("keys that are not known are named", () => checkConfig(["colour=red", "a.b.c=1"], {}, ["colour", "a"]));
