import fs from "node:fs";
import path from "node:path";

/** The files of the sample workspace that the demo model looks at. */
const paths = ["README.md", "src/isOpen.ts", "src/describe.ts", "src/nextOpening.ts", "test/isOpen.test.ts"] as const;
export type SamplePath = (typeof paths)[number];

const folder = path.join(import.meta.dirname, "../../../sample");

export const sampleFiles = Object.fromEntries(
  paths.map((name) => [name, fs.readFileSync(path.join(folder, name), "utf8")]),
) as Readonly<Record<SamplePath, string>>;

/** What Node's runner prints when one test fails; the paths are absolute in the stack. */
export const failingRun = `
> patchwright-sample@1.2.0 test
> node test/run.mjs

✔ is open from the minute it opens (0.828216ms)
✖ is closed from the minute it closes (1.126632ms)
  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:
  
  true !== false
  
      at TestContext.<anonymous> (/workspace/test/isOpen.test.ts:23:10)
      at Test.runInAsyncScope (node:async_hooks:206:9) {
    code: 'ERR_ASSERTION'
  }

ℹ tests 18
ℹ suites 0
ℹ pass 17
ℹ fail 1
ℹ duration_ms 398.526195

✖ failing tests:

test at test/isOpen.test.ts:21:1
✖ is closed from the minute it closes (1.126632ms)
  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:
  
  true !== false
  
      at TestContext.<anonymous> (/workspace/test/isOpen.test.ts:23:10)
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

src/describe.ts:10:40: error (ts 2345): Argument of type 'Moment | undefined' is not assignable to parameter of type 'Moment'.
  Type 'undefined' is not assignable to type 'Moment'.

src/describe.ts, lines 7 to 11:
\`\`\`typescript
export function describe(hours: OpeningHours, now: Moment): string {
\`\`\``;
