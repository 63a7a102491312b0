import { join } from "node:path";
import { CREDENTIALS, CREDENTIALS_OF_HOME } from "../../../protocol/credentials.ts";
import type { Environment } from "../platform.ts";

/** What only matters to a command of the administrator, who may read it. */
const IN_SYSTEM =
  `/etc/shadow /etc/shadow- /etc/gshadow /etc/gshadow- /etc/sudoers /etc/sudoers.d /etc/ssl/private /etc/krb5.keytab
  /etc/NetworkManager/system-connections /etc/wireguard /var/lib/sss /var/lib/NetworkManager /var/spool/cron
  /etc/ssh/ssh_host_rsa_key /etc/ssh/ssh_host_ecdsa_key /etc/ssh/ssh_host_ed25519_key`
    .trim()
    .split(/\s+/);

/** Variables that say where such a file or folder was moved to; some have several, with ":" between them. */
const MOVED_BY =
  `AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AZURE_CONFIG_DIR CLOUDSDK_CONFIG DOCKER_CONFIG GH_CONFIG_DIR GNUPGHOME
  GOOGLE_APPLICATION_CREDENTIALS KUBECONFIG NETRC NPM_CONFIG_USERCONFIG PGPASSFILE PIP_CONFIG_FILE`.split(/\s+/);

/** What in a home has keys, tokens, passwords or cookies; a program that needs one of them runs outside the sandbox. */
const IN_HOME = [...CREDENTIALS, ...CREDENTIALS_OF_HOME];

/** Absolute paths that may have credentials of the user, whether or not there is anything. */
export function credentialPaths(home: string, env: Environment): readonly string[] {
  const moved = MOVED_BY.flatMap((name) => env[name]?.split(":") ?? []).filter((path) => path.startsWith("/"));
  const config = env.XDG_CONFIG_HOME?.startsWith("/") ? env.XDG_CONFIG_HOME : join(home, ".config");
  const inHome = IN_HOME.flatMap((path) => {
    const usual = join(home, path);
    return path.startsWith(".config/") ? [usual, join(config, path.slice(".config/".length))] : [usual];
  });
  return [...new Set([...inHome, ...IN_SYSTEM, ...moved])];
}
