/** Whether each request continues the one before it, per prompt cache key, byte for byte. */
export class PrefixCheck {
  readonly #before = new Map<string, Buffer>();
  readonly #expectedCuts: (string | undefined)[] = [];

  /** Allows the next request of this key (of any key when undefined) that does not continue the one before it. */
  expectCut(key: string | undefined): void {
    this.#expectedCuts.push(key);
  }

  /**
   * Bytes that this request has in common with the one before it, or what is wrong with it.
   * Only a request that is right becomes the one before the next, and not one that is `aside`: it continues, and nothing continues it.
   */
  check(
    key: string,
    body: Buffer,
    place: "next" | "aside" = "next",
  ): { readonly cachedBytes: number } | { readonly problem: string } {
    if (body.subarray(-2).toString() !== "]}") return { problem: "The body does not end with the input list." };
    const before = this.#before.get(key);
    const cut = before !== undefined && !body.subarray(0, before.length).equals(before);
    if (cut && !this.#takeExpectedCut(key)) return { problem: difference(key, before, body) };
    if (place === "next") this.#before.set(key, body.subarray(0, -2));
    return { cachedBytes: before && !cut ? before.length : 0 };
  }

  /** Cuts that were declared and never happened. */
  leftOver(): string[] {
    return this.#expectedCuts.map((key) => `A cut was expected${key ? ` for "${key}"` : ""} and did not happen.`);
  }

  #takeExpectedCut(key: string): boolean {
    const index = this.#expectedCuts.findIndex((expected) => expected === undefined || expected === key);
    if (index < 0) return false;
    this.#expectedCuts.splice(index, 1);
    return true;
  }
}

function difference(key: string, before: Buffer, body: Buffer): string {
  let offset = 0;
  while (offset < before.length && before[offset] === body[offset]) offset++;
  const around = (bytes: Buffer) => bytes.subarray(Math.max(0, offset - 60), offset + 60).toString();
  return [
    `A request of "${key}" does not continue the one before it: they differ at byte ${offset} of ${before.length}.`,
    `  before: ${around(before)}`,
    `  now:    ${around(body)}`,
    "A test in which the context is cut says so with expectCut().",
  ].join("\n");
}
