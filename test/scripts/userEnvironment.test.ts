import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { userEnvironment } from "../../scripts/userEnvironment.ts";

function check(env: NodeJS.ProcessEnv, expected: NodeJS.ProcessEnv): void {
  assert.deepEqual(userEnvironment(env), { PATH: "", ...expected });
}

test("the user's variables stay", () =>
  check({ OPENAI_API_KEY: "k", HOME: "/h" }, { OPENAI_API_KEY: "k", HOME: "/h" }));
test("npm's go", () => check({ npm_config_prefix: "/p", npm_lifecycle_event: "start" }, {}));
test("those of an editor around it go", () => check({ VSCODE_IPC_HOOK_CLI: "/s", ELECTRON_RUN_AS_NODE: "1" }, {}));
test("those of a test around it go", () => check({ NODE_TEST_CONTEXT: "child-v8", NODE_OPTIONS: "--test" }, {}));
test("npm's folders leave the PATH", () =>
  check({ PATH: ["/r/node_modules/.bin", "/n/node-gyp-bin", "/usr/bin"].join(path.delimiter) }, { PATH: "/usr/bin" }));
