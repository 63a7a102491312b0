/** Where editors keep their ripgrep, below their own folder, newest layout first. Relative, with "/" between parts. */
export function ripgrepPlaces(platform: string, arch: string): string[] {
  const program = platform === "win32" ? "rg.exe" : "rg";
  return ["node_modules", "node_modules.asar.unpacked"].flatMap((modules) => [
    `${modules}/@vscode/ripgrep-universal/bin/${platform}-${arch}/${program}`,
    `${modules}/@vscode/ripgrep/bin/${program}`,
  ]);
}
