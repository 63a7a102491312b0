import { CREDENTIALS } from "../../protocol/credentials.ts";

/** Names of files that projects keep passwords, tokens or private keys in, folded; a "*" stands for any letters. */
const FILES = `
  .env .env.* .envrc .htpasswd id_rsa* id_dsa* id_ecdsa* id_ed25519* *.pem *.key *.p12 *.pfx *.jks *.keystore *.kdbx`
  .trim()
  .split(/\s+/);

/** What looks like them and is made to be shown. */
const HARMLESS = /\.(example|sample|template|dist|pub)$/;

/** Each as its parts, folded, by the first of them. */
const places = Map.groupBy(
  CREDENTIALS.map((path) => path.split("/").map(folded)),
  ([first]) => first,
);
const patterns = FILES.map((name) => new RegExp(`^${name.replaceAll(".", "\\.").replaceAll("*", ".*")}$`));

/**
 * Whether a file may hold credentials, by its path alone: the agent's own tools read it only when the user allows that. Spellings that some
 * file system takes for the same name count as that name.
 */
export function isCredential(path: string): boolean {
  const parts = path.split(/[\\/]/).map(folded);
  const name = parts.at(-1) ?? "";
  if (HARMLESS.test(name)) return false;
  return parts.some((_, at) => isPlace(parts, at)) || patterns.some((pattern) => pattern.test(name));
}

/** Whether one of the places begins at this part. */
function isPlace(parts: readonly string[], at: number): boolean {
  const some = places.get(parts[at] ?? "") ?? [];
  return some.some((place) => place.every((part, index) => parts[at + index] === part));
}

function folded(part: string): string {
  return part
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\p{Cf}/gu, "")
    .replace(/(?<=.):.*$/, "")
    .replace(/[. ]+$/, "");
}
