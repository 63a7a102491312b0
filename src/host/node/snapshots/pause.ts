/** Lets everything else have its turn: long work goes on in pieces. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
