/** Folders that hold keys and tokens. */
const FOLDERS = new Set([".ssh", ".aws", ".gnupg", ".azure", ".kube", ".docker"]);

/** Names of files that hold passwords, tokens or private keys, folded; a "*" stands for any letters. */
const FILES = [
  ".env",
  ".env.*",
  ".envrc",
  ".netrc",
  "_netrc",
  ".git-credentials",
  ".npmrc",
  ".pypirc",
  ".pgpass",
  ".my.cnf",
  ".htpasswd",
  ".vault-token",
  "id_rsa*",
  "id_dsa*",
  "id_ecdsa*",
  "id_ed25519*",
  "*.pem",
  "*.key",
  "*.p12",
  "*.pfx",
  "*.jks",
  "*.keystore",
  "*.kdbx",
];

/** What looks like them and is made to be shown. */
const HARMLESS = /\.(example|sample|template|dist|pub)$/;

const patterns = FILES.map((name) => new RegExp(`^${name.replaceAll(".", "\\.").replaceAll("*", ".*")}$`));

/**
 * Whether a file may hold credentials, by its path alone: the agent's own tools read it only when the user allows that. Spellings that some
 * file system takes for the same name count as that name.
 */
export function isCredential(path: string): boolean {
  const parts = path.split(/[\\/]/).map(folded);
  const name = parts.at(-1) ?? "";
  if (HARMLESS.test(name)) return false;
  return parts.some((part) => FOLDERS.has(part)) || patterns.some((pattern) => pattern.test(name));
}

function folded(part: string): string {
  return part
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\p{Cf}/gu, "")
    .replace(/(?<=.):.*$/, "")
    .replace(/[. ]+$/, "");
}
