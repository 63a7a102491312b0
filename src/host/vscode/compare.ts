/** Equal for two spellings of one path, on file systems that ignore case and whatever case a drive letter has. */
export function pathKey(path: string, platform: string = process.platform): string {
  if (platform === "win32") return path.replaceAll("/", "\\").toLowerCase();
  return platform === "darwin" ? path.normalize("NFC").toLowerCase() : path;
}

/** True when no other line end than this one is in the text: documents have one kind. */
export function hasOnlyLineEnd(text: string, lineEnd: "\n" | "\r\n"): boolean {
  return (text.match(/\r\n|\n|\r/g) ?? []).every((found) => found === lineEnd);
}

export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
