import assert from "node:assert/strict";
import { test } from "node:test";
import { commandEnvironment, type EnvironmentQuery, secretValues } from "../../../src/host/node/environment.ts";

function check(
  own: Record<string, string>,
  expected: Record<string, string | undefined>,
  part: Partial<EnvironmentQuery> = {},
) {
  const env = commandEnvironment({ own, os: "linux", terminal: "none", extra: {}, ...part });
  for (const [name, value] of Object.entries(expected)) assert.equal(env[name], value, name);
  return env;
}

/** Variables that give access to something, or that make programs run or load something: by their names in one and the other case. */
const hostile =
  `OPENAI_API_KEY CODEX_API_KEY ANTHROPIC_API_KEY AZURE_OPENAI_API_KEY GEMINI_API_KEY AWS_SECRET_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_SESSION_TOKEN
  AWS_PROFILE GOOGLE_APPLICATION_CREDENTIALS GITHUB_TOKEN GH_TOKEN GITLAB_TOKEN NPM_TOKEN NODE_AUTH_TOKEN npm_config__auth npm_config_userconfig
  DATABASE_URL PGPASSWORD PGPASSFILE MYSQL_PWD REDIS_URL SSH_AUTH_SOCK SSH_ASKPASS GPG_AGENT_INFO SECRET DOCKER_HOST DOCKER_AUTH_CONFIG KUBECONFIG
  VAULT_TOKEN TF_VAR_password SLACK_WEBHOOK_URL SENTRY_DSN LC_API_KEY XDG_SESSION_TOKEN XAUTHORITY DBUS_SESSION_BUS_ADDRESS
  VSCODE_IPC_HOOK VSCODE_IPC_HOOK_CLI VSCODE_GIT_ASKPASS_NODE VSCODE_GIT_IPC_HANDLE VSCODE_NLS_CONFIG ELECTRON_RUN_AS_NODE
  NODE_OPTIONS NODE_PATH NODE_EXTRA_CODE LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT DYLD_INSERT_LIBRARIES DYLD_LIBRARY_PATH BASH_ENV ENV PROMPT_COMMAND
  BASH_FUNC_ls%% PS4 IFS CDPATH GLOBIGNORE SHELLOPTS BASHOPTS GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_SSH_COMMAND GIT_ASKPASS GIT_EXTERNAL_DIFF
  GIT_CONFIG_COUNT GIT_CONFIG_GLOBAL GIT_EDITOR EDITOR VISUAL PYTHONSTARTUP PYTHONINSPECT PERL5OPT PERL5LIB RUBYOPT JAVA_TOOL_OPTIONS _JAVA_OPTIONS
  MAVEN_OPTS PROMPT ZDOTDIR LESSOPEN MANOPT RIPGREP_CONFIG_PATH RUSTC_WRAPPER`.split(/\s+/);
for (const name of hostile)
  test(`does not pass ${name} on`, () => void check({ [name]: "value" }, { [name]: undefined }));

test("passes on what the user names, but never the key of the model server", () => {
  const own = {
    DATABASE_URL: "postgres://h",
    LD_PRELOAD: "x",
    OPENAI_API_KEY: "k",
    CODEX_API_KEY: "k",
    openai_api_key: "k",
  };
  const passed = ["DATABASE_URL", "OPENAI_API_KEY", "CODEX_API_KEY", "openai_api_key", "NONE"];
  const env = check(own, { DATABASE_URL: "postgres://h", LD_PRELOAD: undefined, NONE: undefined }, { passed });
  assert.ok(!Object.values(env).includes("k"));
  check(
    { Database_Url: "x", OpenAI_Api_Key: "k" },
    { Database_Url: "x", OpenAI_Api_Key: undefined },
    { passed, os: "windows" },
  );
});

test("looks for programs in no folder of the workspace", () => {
  check({ PATH: ".:/usr/bin::node_modules/.bin:./x:/bin:~/bin" }, { PATH: "/usr/bin:/bin" });
  check({ Path: "C:\\bin" }, { Path: "C:\\bin", NoDefaultCurrentDirectoryInExePath: "1" }, { os: "windows" });
});

function checkSecret(name: string, value: string, expected: "secret" | "none"): void {
  test(`${name}=${value} is ${expected}`, () =>
    assert.deepEqual(secretValues({ [name]: value }), expected === "secret" ? [value] : []));
}
checkSecret("GITHUB_TOKEN", "ghp_a1b2c3d4", "secret");
checkSecret("AWS_SECRET_ACCESS_KEY", "abc/DEF+1234", "secret");
checkSecret("DB_PASSWORD", "hunter2000", "secret");
checkSecret("DEPLOY_KEY_PASSPHRASE", "correct1horse", "secret");
checkSecret("MY_API_KEY", "https://me:pw12345@h/", "secret");
checkSecret("OPENAI_API_KEY", "short1", "none");
checkSecret("SSH_KEY", "/home/me/.ssh/id_rsa1", "none");
checkSecret("TOKEN_URL", "https://example.com/token1", "none");
checkSecret("KEY_FILE", "C:\\keys\\key1.pem", "none");
checkSecret("KEY_COUNT", "1234567890", "none");
checkSecret("SECRET_SANTA", "everybody", "none");
checkSecret("GIT_AUTHOR_NAME", "Jane Doe 3rd", "none");
checkSecret("KEYBOARD_LAYOUT", "de-nodeadkeys1", "none");
checkSecret("MONKEY_NAME", "bonobo2000", "none");

const passed =
  "HOME USER LANG LC_ALL LC_CTYPE TMPDIR SHELL XDG_CACHE_HOME JAVA_HOME GOPATH VIRTUAL_ENV NVM_DIR CI".split(" ");
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
