import { AgentError, type ErrorCode } from "../../src/protocol/errors.ts";

/** Assertions without node:, so that the contract also runs inside an editor's extension host. */
export function equal(actual: unknown, expected: unknown, what = "value"): void {
  const [got, wanted] = [show(actual), show(expected)];
  if (got !== wanted) throw new Error(`${what}:\n  expected ${wanted}\n  but got  ${got}`);
}

/** The work must fail with an AgentError of this code, whose message is a sentence. */
export async function rejects(code: ErrorCode, work: () => Promise<unknown>): Promise<void> {
  let result: unknown;
  try {
    result = await work();
  } catch (error) {
    if (!(error instanceof AgentError))
      throw new Error(`expected an AgentError, but got ${String(error)}`, { cause: error });
    if (error.code !== code)
      throw new Error(`expected ${code}, but got ${error.code}: ${error.message}`, { cause: error });
    if (!/^["A-Z/].*[.)]$/su.test(error.message)) throw new Error(`not a sentence: ${error.message}`);
    return;
  }
  throw new Error(`expected ${code}, but it gave ${show(result)}`);
}

/** Long enough for the slowest machine: it only ends a test that fails. What has to be quick is measured by itself. */
const PATIENCE_MS = 25_000;

/** Waits for something that another process does. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** Objects by their members in name order, bytes as numbers, maps as entries. */
function show(value: unknown): string {
  const text = JSON.stringify(value, (_, member: unknown) => {
    if (member instanceof Uint8Array) return `bytes ${[...member].join(" ")}`;
    if (member instanceof Map) return [...member];
    if (member === null || typeof member !== "object" || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
  return text ?? "undefined";
}
