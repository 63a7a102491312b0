/** 64 bits of FNV-1a, as two halves with different beginnings, over the texts' code units: tells texts apart, and withstands nobody. */
export function hashOf(texts: readonly string[]): string {
  const half = (basis: number) => {
    let hash = basis;
    for (const text of texts)
      for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    return (hash >>> 0).toString(16).padStart(8, "0");
  };
  return half(0x811c9dc5) + half(0x9e3779b9);
}

/** The same over bytes, with their number. */
export function hashOfBytes(bytes: Uint8Array): string {
  const half = (basis: number) => {
    let hash = basis;
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
    return (hash >>> 0).toString(16).padStart(8, "0");
  };
  return `${half(0x811c9dc5)}${half(0x9e3779b9)}-${bytes.length}`;
}
