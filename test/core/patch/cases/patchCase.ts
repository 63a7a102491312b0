import type { ErrorCode } from "../../../../src/protocol/errors.ts";

/** Paths are relative with "/" between parts; a case starts in an empty folder that holds just `files`. */
export interface PatchCase {
  readonly name: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly patch: string;
  readonly expect: ExpectedFiles | ExpectedRefusal;
}

/** The content of these files afterwards; null for a file that is gone. What is not named is as it was. */
export interface ExpectedFiles {
  readonly files: Readonly<Record<string, Uint8Array | null>>;
}

/** The code of the error; every file is as it was. */
export interface ExpectedRefusal {
  readonly refusal: ErrorCode;
}

/** A patch of these lines with its first and last line. */
export function patchOf(...lines: readonly string[]): string {
  return ["*** Begin Patch", ...lines, "*** End Patch", ""].join("\n");
}

/** A case about one file, a.txt, and the hunks of one update. `after` is its text, or a refusal. */
export function editCase(
  name: string,
  edit: { readonly before: string; readonly hunks: readonly string[]; readonly after: string | ExpectedRefusal },
): PatchCase {
  return {
    name,
    files: { "a.txt": utf8(edit.before) },
    patch: patchOf("*** Update File: a.txt", ...edit.hunks),
    expect: typeof edit.after === "string" ? { files: { "a.txt": utf8(edit.after) } } : edit.after,
  };
}

export const mismatch: ExpectedRefusal = { refusal: "patchMismatch" };
export const invalid: ExpectedRefusal = { refusal: "invalid" };
export const unfaithful: ExpectedRefusal = { refusal: "unfaithful" };

export const utf8Mark = bytesOf(0xef, 0xbb, 0xbf);
export const utf16leMark = bytesOf(0xff, 0xfe);
export const utf16beMark = bytesOf(0xfe, 0xff);

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function utf16le(text: string): Uint8Array {
  return Uint8Array.from(codeUnits(text).flatMap((unit) => [unit & 0xff, unit >> 8]));
}

export function utf16be(text: string): Uint8Array {
  return Uint8Array.from(codeUnits(text).flatMap((unit) => [unit >> 8, unit & 0xff]));
}

export function bytesOf(...bytes: readonly number[]): Uint8Array {
  return Uint8Array.from(bytes);
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function codeUnits(text: string): readonly number[] {
  return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
}
