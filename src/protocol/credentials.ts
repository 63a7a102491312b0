/**
 * Files and folders that hold keys, tokens, passwords or cookies, where programs keep them below a user's home. Wherever else a path ends so, or leads
 * through one of these folders, they hold the same: in a project, in a backup, in somebody else's home.
 */
export const CREDENTIALS: readonly string[] = words(`
  .ssh .gnupg .aws .azure .oci .docker .kube .vault-token .password-store .pki .netrc _netrc .authinfo .authinfo.gpg
  .npmrc .pypirc .git-credentials .pgpass .my.cnf .mylogin.cnf .s3cfg .boto .terraformrc .terraform.d/credentials.tfrc.json
  .cargo/credentials .cargo/credentials.toml .gem/credentials .m2/settings.xml .m2/settings-security.xml
  .nuget/NuGet/NuGet.Config .composer/auth.json .config/composer/auth.json .config/gh .config/glab-cli .config/hub .config/gcloud
  .config/git/credentials .config/doctl .config/heroku .config/op .config/rclone .config/sops .config/containers/auth.json
  .config/github-copilot .config/configstore .config/stripe .config/ngrok .config/hcloud .config/scw .config/solana .config/rbw .config/msmtp
  .databrickscfg .kaggle/kaggle.json .pulumi/credentials.json .supabase/access-token .railway/config.json .snowsql .aliyun/config.json
  .ethereum/keystore .foundry/keystores .sui/sui_config .msmtprc .sentryclirc .local/share/com.vercel.cli .local/share/opencode/auth.json
  .qwen/oauth_creds.json .local/share/keyrings .local/share/kwalletd .local/share/containers/auth.json
  .codex/auth.json .patchwright/auth.json .claude/.credentials.json .huggingface .cache/huggingface/token .electrum .bitcoin Library/Keychains`);

/** The same of a user's home alone: in a project these names are of settings that are shared. */
export const CREDENTIALS_OF_HOME: readonly string[] = [
  ...words(`
  .yarnrc .yarnrc.yml .gradle/gradle.properties .config/pip/pip.conf .config/NuGet .claude.json .gemini .fly .netlify .vercel .wrangler
  .mozilla .thunderbird .config/google-chrome .config/chromium .config/BraveSoftware .config/microsoft-edge .config/vivaldi .config/opera
  snap/firefox snap/chromium snap/thunderbird .var/app/org.mozilla.firefox .var/app/com.google.Chrome .var/app/org.chromium.Chromium
  .config/Bitwarden .config/Signal .config/Slack .config/filezilla Library/Cookies
  .config/Code/User/globalStorage .config/VSCodium/User/globalStorage .config/Cursor/User/globalStorage .config/Windsurf/User/globalStorage
  .vscode-server/data/User/globalStorage .vscode-server-insiders/data/User/globalStorage .cursor-server/data/User/globalStorage
  .windsurf-server/data/User/globalStorage .local/share/code-server/User/globalStorage
  .bash_history .zsh_history .python_history .node_repl_history .psql_history .mysql_history .rediscli_history
  .local/share/fish/fish_history .local/share/atuin .config/nushell/history.txt`),
  ".config/Code - Insiders/User/globalStorage",
  ...[
    "Google/Chrome",
    "Firefox",
    "BraveSoftware",
    "Microsoft Edge",
    "Code/User/globalStorage",
    "Cursor/User/globalStorage",
  ].map((path) => `Library/Application Support/${path}`),
];

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
