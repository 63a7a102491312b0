/** The files of the sample workspace that the demo model looks at. */
export const sampleFiles = {
  "README.md": `# Opening hours

- Days are \`Mo\` to \`Su\`.
- A place is open from the minute it opens until the minute it closes: at 18:00 the door above is shut.
`,
  "src/isOpen.ts": `import { type OpeningHours, type Range, runsPastMidnight } from "./hours.ts";
import { type Minutes, type Moment, dayAfter } from "./time.ts";

/** Whether the place is open at that moment. */
export function isOpen(hours: OpeningHours, now: Moment): boolean {
  return openRange(hours, now) !== undefined;
}

function coversToday(range: Range, minute: Minutes): boolean {
  if (minute < range.opens) return false;
  return runsPastMidnight(range) || minute <= range.closes;
}
`,
  "src/describe.ts": `import { nextOpening } from "./nextOpening.ts";
import { type Moment, formatMoment, formatTime } from "./time.ts";

/** What the sign on the door would say. */
export function describe(hours: OpeningHours, now: Moment): string {
  const range = openRange(hours, now);
  if (range) return \`Open until \${formatTime(range.closes)}\`;
  return \`Closed, opens \${formatMoment(nextOpening(hours, now))}\`;
}
`,
  "src/nextOpening.ts": `/** When the place opens next, after that moment; undefined when it never does. */
export function nextOpening(hours: OpeningHours, now: Moment): Moment | undefined {
  return undefined;
}
`,
  "test/isOpen.test.ts": `import assert from "node:assert/strict";

test("is closed from the minute it closes", () => {
  assert.equal(isOpen(bakery, at("Mo 17:59")), true);
  assert.equal(isOpen(bakery, at("Mo 18:00")), false);
});
`,
} as const;

export type SamplePath = keyof typeof sampleFiles;

/** What Node's runner prints when one test fails; the paths are absolute in the stack. */
export const failingRun = `
> patchwright-sample@1.2.0 test
> node test/run.mjs

✔ is open from the minute it opens (0.828216ms)
✖ is closed from the minute it closes (1.126632ms)
  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:
  
  true !== false
  
      at TestContext.<anonymous> (/workspace/test/isOpen.test.ts:5:10)
      at Test.runInAsyncScope (node:async_hooks:206:9) {
    code: 'ERR_ASSERTION'
  }

ℹ tests 18
ℹ suites 0
ℹ pass 17
ℹ fail 1
ℹ duration_ms 398.526195

✖ failing tests:

test at test/isOpen.test.ts:3:1
✖ is closed from the minute it closes (1.126632ms)
  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:
  
  true !== false
  
      at TestContext.<anonymous> (/workspace/test/isOpen.test.ts:5:10)
      at Test.runInAsyncScope (node:async_hooks:206:9) {
    code: 'ERR_ASSERTION'
  }
`;

export const passingRun = `
✔ is closed from the minute it closes (0.5ms)
ℹ tests 18
ℹ suites 0
ℹ pass 18
ℹ fail 0
ℹ duration_ms 370
`;

/** What the editor's "Fix with Patchwright" says of the sample's type error. */
export const fixMessage = `Fix this problem.

src/describe.ts:8:40: error (ts 2345): Argument of type 'Moment | undefined' is not assignable to parameter of type 'Moment'.
  Type 'undefined' is not assignable to type 'Moment'.

src/describe.ts, lines 5 to 9:
\`\`\`typescript
export function describe(hours: OpeningHours, now: Moment): string {
\`\`\``;
