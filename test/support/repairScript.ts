import { call, customCall, message, type Output, plan, reasoning } from "../../src/core/model/demo/output.ts";
import type { ParsedRequest } from "./modelServerRules.ts";

const patch = `*** Begin Patch
*** Update File: src/isOpen.ts
@@ function coversToday
   if (minute < range.opens) return false;
-  return runsPastMidnight(range) || minute <= range.closes;
+  return runsPastMidnight(range) || minute < range.closes;
 }
*** End Patch
`;

const steps = ["Run the tests", "Find the cause", "Fix it", "Run the tests again"] as const;

function planAt(done: number): Output {
  return plan(
    ...steps.map(
      (step, index) => [step, index < done ? "completed" : index === done ? "in_progress" : "pending"] as const,
    ),
  );
}

const answer = `The failing test passes again, and so do the other 17.

- **Cause:** \`coversToday\` counted the closing minute as open: \`src/isOpen.ts:20\`
- **Fix:** the comparison is now \`<\`, as for ranges that run past midnight.

\`\`\`ts
return runsPastMidnight(range) || minute < range.closes;
\`\`\`
`;

const repair: readonly (readonly Output[])[] = [
  [
    reasoning("The tests fail. I will run them first, to see which one and why."),
    planAt(0),
    call("exec_command", { cmd: "npm test", justification: "Shows which test fails and why." }),
  ],
  [
    reasoning("The minute of closing counts as open. Where is that decided?"),
    planAt(1),
    call("search_text", { pattern: "range.closes", path: "src" }),
  ],
  [call("read_file", { path: "src/isOpen.ts" })],
  [
    message("`coversToday` compares with `<=`, so the minute of closing still counts as open."),
    planAt(2),
    customCall("apply_patch", patch),
  ],
  [planAt(3), call("exec_command", { cmd: "npm test", justification: "Shows whether the fix holds." })],
  [planAt(4), message(answer)],
];

/** The repair of the sample's failing test, step by step; a second message gets a short answer. */
export function repairScript(request: ParsedRequest): readonly Output[] {
  const input = request.input as readonly { type?: string; role?: string }[];
  const lastMessage = input.findLastIndex((item) => item.type === "message" && item.role === "user");
  const isFirst = !input.slice(0, lastMessage).some((item) => item.type === "function_call");
  if (!isFirst) return [message("I changed one character in `src/isOpen.ts:20`.")];
  const since = input.slice(lastMessage + 1);
  const answered = since.filter((item) => item.type?.endsWith("_output")).length;
  const made = repair.findIndex((_, index) => callsBefore(index) === answered);
  return repair[made] ?? [message("I do not know how to go on.")];
}

function callsBefore(step: number): number {
  return repair
    .slice(0, step)
    .flat()
    .filter((output) => output.type === "call" || output.type === "customCall").length;
}
