import type { Environment, OperatingSystem } from "./platform.ts";

/**
 * What programs need to find themselves, their folders and their settings. Nothing here gives access to anything, and nothing makes a program that
 * was started load or run another one first, as LD_PRELOAD, NODE_OPTIONS and BASH_ENV do.
 */
const ALLOWED = new Set(
  `PATH HOME USER LOGNAME SHELL LANG LANGUAGE TZ TMPDIR TMP TEMP HOSTNAME CI
  SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS REQUESTS_CA_BUNDLE CURL_CA_BUNDLE GIT_SSL_CAINFO NIX_SSL_CERT_FILE NIX_PATH NIX_PROFILES
  NVM_DIR NVM_BIN VOLTA_HOME FNM_DIR FNM_MULTISHELL_PATH ASDF_DIR ASDF_DATA_DIR MISE_DATA_DIR PNPM_HOME COREPACK_HOME BUN_INSTALL DENO_DIR
  PYENV_ROOT VIRTUAL_ENV CONDA_PREFIX CONDA_DEFAULT_ENV PYTHONPATH PYTHONHOME PIPX_HOME UV_CACHE_DIR RBENV_ROOT GEM_HOME GEM_PATH BUNDLE_PATH
  JAVA_HOME SDKMAN_DIR GRADLE_USER_HOME MAVEN_HOME ANDROID_HOME ANDROID_SDK_ROOT GOPATH GOROOT GOBIN GOCACHE GOMODCACHE GOFLAGS GOTOOLCHAIN
  CARGO_HOME RUSTUP_HOME RUSTUP_TOOLCHAIN DOTNET_ROOT CC CXX CPP LD AR CFLAGS CXXFLAGS CPPFLAGS LDFLAGS LIBRARY_PATH CPATH
  PKG_CONFIG_PATH CMAKE_PREFIX_PATH MANPATH INFOPATH HOMEBREW_PREFIX HOMEBREW_CELLAR HOMEBREW_REPOSITORY CHROMIUM PLAYWRIGHT_BROWSERS_PATH
  SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT USERNAME USERDOMAIN USERPROFILE HOMEDRIVE HOMEPATH APPDATA LOCALAPPDATA PROGRAMDATA
  PROGRAMFILES PROGRAMFILES(X86) PROGRAMW6432 COMMONPROGRAMFILES COMMONPROGRAMFILES(X86) COMMONPROGRAMW6432 ALLUSERSPROFILE PUBLIC
  COMPUTERNAME OS NUMBER_OF_PROCESSORS PROCESSOR_ARCHITECTURE PROCESSOR_IDENTIFIER PSMODULEPATH`.split(/\s+/),
);
const ALLOWED_FAMILIES = /^(LC|XDG)_/;
const SECRET = /KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH/;
/** No setting passes these on. */
const NEVER_PASSED = new Set(["OPENAI_API_KEY", "CODEX_API_KEY"]);
const PROXIES = new Set(["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "FTP_PROXY"]);

/** Plain text, no pager, no question on a terminal that nobody watches. */
const FIXED = { PAGER: "cat", GIT_PAGER: "cat", MANPAGER: "cat", NO_COLOR: "1" };
/** Windows looks into the folder of the command first, and that is the workspace. */
const FIXED_ON_WINDOWS = { NoDefaultCurrentDirectoryInExePath: "1" };

export interface EnvironmentQuery {
  /** The environment of this process. */
  readonly own: Environment;
  readonly os: OperatingSystem;
  readonly terminal: "pty" | "none";
  /** Names of further variables that the user wants commands to have. */
  readonly passed?: readonly string[] | undefined;
  /** What the caller adds; it wins over everything else. */
  readonly extra: Environment;
}

/** The variables that a command sees. */
export function commandEnvironment({
  own,
  os,
  terminal,
  passed = [],
  extra,
}: EnvironmentQuery): Record<string, string> {
  const env: Record<string, string> = {};
  const known = (name: string) => (os === "windows" ? name.toUpperCase() : name);
  const wanted = new Set(passed.map(known).filter((name) => !NEVER_PASSED.has(name.toUpperCase())));
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined && (wanted.has(known(name)) || isAllowed(known(name), value))) env[name] = value;
  }
  if (env.PATH !== undefined && os !== "windows") env.PATH = absoluteFolders(env.PATH);
  Object.assign(env, FIXED, os === "windows" ? FIXED_ON_WINDOWS : {}, {
    TERM: terminal === "pty" ? "xterm-256color" : "dumb",
  });
  if (terminal === "none") env.GIT_TERMINAL_PROMPT = "0";
  // A bash that finds no SHLVL may take itself for one started by a network daemon, and then reads ~/.bashrc.
  if (os !== "windows") env.SHLVL = "1";
  for (const [name, value] of Object.entries(extra)) if (value !== undefined) env[name] = value;
  return env;
}

function isAllowed(name: string, value: string): boolean {
  if (ALLOWED.has(name)) return true;
  // A proxy's address may hold a password.
  if (PROXIES.has(name.toUpperCase())) return !value.includes("@");
  return ALLOWED_FAMILIES.test(name) && !SECRET.test(name);
}

/** Without "." and the like, which would be folders of the workspace. */
function absoluteFolders(path: string): string {
  return path
    .split(":")
    .filter((folder) => folder.startsWith("/"))
    .join(":");
}

/** Where every POSIX system has its own programs. */
const SYSTEM_FOLDERS = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"];

/**
 * The variables of a program that Patchwright starts for itself: those without which none is found or runs. It is looked for in the system's own
 * folders first, and never in a relative one, nor in one of those that package managers fill with what a workspace names.
 */
export function programEnvironment(own: Environment): Record<string, string> {
  const { PATH, SystemRoot } = own;
  const isWindows = SystemRoot !== undefined;
  const path = isWindows ? PATH : programFolders(PATH ?? "").join(":");
  return {
    ...(path ? { PATH: path } : {}),
    ...(isWindows ? { SystemRoot, NoDefaultCurrentDirectoryInExePath: "1" } : {}),
  };
}

/** On POSIX. Without folders inside of `workspace`. */
export function programFolders(path: string, workspace?: string): string[] {
  const isOwn = (folder: string) =>
    folder.startsWith("/") &&
    !/\/(node_modules|\.venv|venv)\//.test(`${folder}/`) &&
    !(workspace !== undefined && `${folder}/`.startsWith(`${workspace}/`));
  return [...new Set([...SYSTEM_FOLDERS, ...path.split(":").filter(isOwn)])];
}

/** A variable with a name like these holds a secret. */
const SECRET_WORDS = /(^|_)(API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|PAT|CREDENTIALS?)(_|$)/i;

/**
 * The values of an environment that look like secrets, by their names. Paths, addresses without a password, words and numbers are not among them:
 * cutting those out of a text would mangle it.
 */
export function secretValues(own: Environment): string[] {
  const values = Object.entries(own).flatMap(([name, value]) =>
    value && SECRET_WORDS.test(name) ? [value.trim()] : [],
  );
  return values.filter(
    (value) => value.length >= 8 && !/\s/.test(value) && !isPath(value) && /[a-z]/i.test(value) && /\d/.test(value),
  );
}

function isPath(value: string): boolean {
  return /^(~|\.{0,2})[/\\]|^[a-z]:[/\\]|^[a-z]+:\/\/[^@]*$/i.test(value);
}
