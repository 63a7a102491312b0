/**
 * The line that runs exactly this argv when typed into a shell, with nothing expanded. `shell` is the editor's name for it, such as "bash";
 * undefined for a shell whose quoting is not known here.
 */
export function typedLine(argv: readonly string[], shell: string | undefined): string | undefined {
  if (argv.some((part) => part.includes("\0"))) return undefined;
  switch (shell) {
    case "bash":
    case "zsh":
    case "sh":
    case "ksh":
    case "gitbash":
    case "wsl":
      return argv.map((part) => `'${part.replaceAll("'", "'\\''")}'`).join(" ");
    case "fish":
      return argv.map((part) => `'${part.replace(/['\\]/g, "\\$&")}'`).join(" ");
    case "pwsh":
      return `& ${argv.map((part) => `'${part.replaceAll("'", "''")}'`).join(" ")}`;
    default:
      return undefined;
  }
}
