import { join } from "node:path";
import type { Environment } from "../platform.ts";

/** Below the user's home. What has keys, tokens, passwords or cookies; a program that needs one of them runs outside the sandbox. */
const IN_HOME = `
  .ssh .gnupg .aws .azure .oci .docker .kube .vault-token .password-store .pki .netrc _netrc .authinfo .authinfo.gpg
  .npmrc .yarnrc .yarnrc.yml .pypirc .git-credentials .pgpass .my.cnf .mylogin.cnf .s3cfg .boto .terraformrc .terraform.d/credentials.tfrc.json
  .cargo/credentials .cargo/credentials.toml .gem/credentials .m2/settings.xml .m2/settings-security.xml .gradle/gradle.properties
  .nuget/NuGet/NuGet.Config .composer/auth.json .config/composer/auth.json .config/gh .config/glab-cli .config/hub .config/gcloud
  .config/git/credentials .config/doctl .config/heroku .config/op .config/rclone .config/sops .config/pip/pip.conf .config/containers/auth.json
  .config/github-copilot .config/NuGet .local/share/keyrings .local/share/kwalletd .local/share/containers/auth.json .local/share/code-server/User/globalStorage
  .codex/auth.json .claude/.credentials.json .claude.json .gemini .huggingface .cache/huggingface/token .fly .netlify .vercel .wrangler
  .mozilla .thunderbird .config/google-chrome .config/chromium .config/BraveSoftware .config/microsoft-edge
  .config/Code/User/globalStorage .config/VSCodium/User/globalStorage .vscode-server/data/User/globalStorage
  .bash_history .zsh_history .python_history .node_repl_history .psql_history .mysql_history
  Library/Keychains Library/Cookies .config/Bitwarden .electrum .bitcoin
`
  .trim()
  .split(/\s+/);

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
