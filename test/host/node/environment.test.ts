import assert from "node:assert/strict";
import { test } from "node:test";
import { commandEnvironment, type EnvironmentQuery } from "../../../src/host/node/environment.ts";

function check(
  own: Record<string, string>,
  expected: Record<string, string | undefined>,
  part: Partial<EnvironmentQuery> = {},
) {
  const env = commandEnvironment({ own, os: "linux", terminal: "none", extra: {}, ...part });
  for (const [name, value] of Object.entries(expected)) assert.equal(env[name], value, name);
  return env;
}

const secrets =
  `OPENAI_API_KEY CODEX_API_KEY ANTHROPIC_API_KEY AWS_SECRET_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_SESSION_TOKEN GITHUB_TOKEN GH_TOKEN
  NPM_TOKEN NODE_AUTH_TOKEN npm_config__auth DATABASE_URL PGPASSWORD SSH_AUTH_SOCK SECRET VSCODE_IPC_HOOK LC_API_KEY XDG_SESSION_TOKEN`.split(
    /\s+/,
  );
for (const name of secrets) test(`hides ${name}`, () => void check({ [name]: "value" }, { [name]: undefined }));

const hijacks =
  "NODE_OPTIONS LD_PRELOAD DYLD_INSERT_LIBRARIES BASH_ENV ENV GIT_DIR ELECTRON_RUN_AS_NODE PYTHONSTARTUP PERL5OPT".split(
    " ",
  );
for (const name of hijacks)
  test(`does not pass ${name} on`, () => void check({ [name]: "value" }, { [name]: undefined }));

const passed =
  "PATH HOME USER LANG LC_ALL LC_CTYPE TMPDIR SHELL XDG_CACHE_HOME JAVA_HOME GOPATH VIRTUAL_ENV NVM_DIR CI".split(" ");
for (const name of passed) test(`passes ${name} on`, () => void check({ [name]: "value" }, { [name]: "value" }));

test("passes a proxy on unless its address holds a password", () => {
  check(
    { HTTPS_PROXY: "http://proxy:3128", no_proxy: "localhost" },
    { HTTPS_PROXY: "http://proxy:3128", no_proxy: "localhost" },
  );
  check({ https_proxy: "http://me:secret@proxy:3128" }, { https_proxy: undefined });
});

test("sets plain text, no pager, no prompt and a shell level", () =>
  void check(
    { TERM: "xterm", PAGER: "less", FORCE_COLOR: "1" },
    {
      TERM: "dumb",
      PAGER: "cat",
      GIT_PAGER: "cat",
      NO_COLOR: "1",
      FORCE_COLOR: undefined,
      GIT_TERMINAL_PROMPT: "0",
      SHLVL: "1",
    },
  ));

test("leaves prompts to a terminal", () =>
  void check({}, { TERM: "xterm-256color", GIT_TERMINAL_PROMPT: undefined }, { terminal: "pty" }));

test("lets the caller's variables win", () =>
  void check({ CI: "1" }, { CI: "0", PAGER: "more" }, { extra: { CI: "0", PAGER: "more" } }));

test("ignores case in names on Windows", () => {
  check(
    { Path: "C:\\bin", SystemRoot: "C:\\Windows" },
    { Path: "C:\\bin", SystemRoot: "C:\\Windows", SHLVL: undefined },
    { os: "windows" },
  );
  check({ Path: "C:\\bin" }, { Path: undefined });
});
