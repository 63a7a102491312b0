/** A section may stand before the key in its line. */
const HOOKS_PATH = /^\s*(?:\[[^\]]*\]\s*)?hookspath\s*=\s*(?:"([^"]*)"|([^#;"]*))/i;

/**
 * The folders that a repository's configuration names for its hooks, as they are written: from where its files are, or absolute. Whatever section they
 * stand in, since one too many does no harm.
 */
export function hooksPathsIn(config: string): readonly string[] {
  return config.split("\n").flatMap((line) => {
    const [, quoted, plain] = HOOKS_PATH.exec(line) ?? [];
    const path = (quoted ?? plain)?.trim() ?? "";
    return path === "" || path.startsWith("~") ? [] : [path];
  });
}
