import * as vscode from "vscode";

/** Where editors keep their ripgrep, below their own folder, newest layout first. Relative, with "/" between parts. */
export function ripgrepCandidates(platform: string, arch: string): string[] {
  const program = platform === "win32" ? "rg.exe" : "rg";
  return ["node_modules", "node_modules.asar.unpacked"].flatMap((modules) => [
    `${modules}/@vscode/ripgrep-universal/bin/${platform}-${arch}/${program}`,
    `${modules}/@vscode/ripgrep/bin/${program}`,
  ]);
}

/** The running editor's ripgrep; undefined when it has none. */
export async function findRipgrep(): Promise<string | undefined> {
  const root = vscode.Uri.file(vscode.env.appRoot);
  for (const candidate of ripgrepCandidates(process.platform, process.arch)) {
    const uri = vscode.Uri.joinPath(root, candidate);
    const found = await vscode.workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
    if (found) return uri.fsPath;
  }
  return undefined;
}
