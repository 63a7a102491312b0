const signatures: readonly [string, readonly number[], number][] = [
  ["image/png", [0x89, 0x50, 0x4e, 0x47], 0],
  ["image/jpeg", [0xff, 0xd8, 0xff], 0],
  ["image/gif", [0x47, 0x49, 0x46, 0x38], 0],
  ["image/webp", [0x57, 0x45, 0x42, 0x50], 8],
];

/** The media type by the file's first bytes; undefined when it is none that models take. */
export function pictureType(bytes: Uint8Array): string | undefined {
  return signatures.find(([, magic, at]) => magic.every((byte, index) => bytes[at + index] === byte))?.[0];
}

/** The picture inside an address, as models take it. */
export function toDataUrl(type: string, bytes: Uint8Array): string {
  const CHUNK = 0x8000;
  let binary = "";
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return `data:${type};base64,${btoa(binary)}`;
}
