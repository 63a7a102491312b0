/** How the tests of one node:test process went. */
export interface Counts {
  readonly passed: number;
  /** Whatever did not pass: failed, cancelled, skipped or left as a todo. */
  readonly failed: number;
}

interface TestEvent {
  readonly type: string;
  readonly data: { readonly file?: string; readonly counts?: { readonly tests: number; readonly passed: number } };
}

/** A reporter of node:test that writes one line of JSON, the Counts, at the end. */
async function* countReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    // A summary without a file is that of them all.
    if (type !== "test:summary" || data.file !== undefined || data.counts === undefined) continue;
    const { tests, passed } = data.counts;
    yield `${JSON.stringify({ passed, failed: tests - passed } satisfies Counts)}\n`;
  }
}

// biome-ignore lint/style/noDefaultExport: node:test takes a reporter from the default export.
export default countReporter;
