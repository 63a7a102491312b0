import type { Host } from "../../host/host.ts";
import { AgentError } from "../../protocol/errors.ts";

const MAX_MIB = 10;

const signatures: readonly [string, readonly number[], number][] = [
  ["image/png", [0x89, 0x50, 0x4e, 0x47], 0],
  ["image/jpeg", [0xff, 0xd8, 0xff], 0],
  ["image/gif", [0x47, 0x49, 0x46, 0x38], 0],
  ["image/webp", [0x57, 0x45, 0x42, 0x50], 8],
];

/** A picture from a file, as models take it. Rejects as `FileSystem.read` does, and with `tooLarge` and `unsupported`. */
export async function readPicture(path: string, host: Host, signal: AbortSignal) {
  return asPicture(path, (await host.files.read(path, signal)).bytes);
}

/** The same from the file's bytes. */
export function asPicture(path: string, bytes: Uint8Array) {
  if (bytes.length > MAX_MIB * 1024 * 1024) throw new AgentError("tooLarge", `${path} is larger than ${MAX_MIB} MiB.`);
  const type = pictureType(bytes);
  if (!type) throw new AgentError("unsupported", `${path} is not a PNG, JPEG, GIF or WebP picture.`);
  return { type: "input_image", image_url: toDataUrl(type, bytes), detail: "auto" } as const;
}

/** The media type by the file's first bytes; undefined when it is none that models take. */
function pictureType(bytes: Uint8Array): string | undefined {
  return signatures.find(([, magic, at]) => magic.every((byte, index) => bytes[at + index] === byte))?.[0];
}

function toDataUrl(type: string, bytes: Uint8Array): string {
  const CHUNK = 0x8000;
  let binary = "";
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return `data:${type};base64,${btoa(binary)}`;
}
