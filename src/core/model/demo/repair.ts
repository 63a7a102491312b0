import { patchProblem, replaceLine, theLine } from "./edit.ts";
import { call, message, type Output, plan, reasoning, type StepStatus } from "./output.ts";
import { type Scene, type Script, type Stage, say, sayStop } from "./script.ts";
import {
  type Failure,
  inlineCode,
  type Lines,
  type Match,
  quoted,
  type Read,
  readCommand,
  readFailure,
  readLines,
  readMatches,
  readProblems,
  readTestRun,
  type Stop,
  type TestRun,
  unexpected,
} from "./toolOutputs.ts";

/** As it is written in a sentence. */
const COMMAND = "`npm test`";
const MAX_WAITS = 30;
const STEPS = ["Run the tests", "Find the cause", "Repair it", "Run the tests again"];

/** Finds out why the sample's test fails, and repairs it. */
export function* repairTests(stage: Stage): Script {
  const before = yield* runTests(firstWords, "It shows which test fails, and why.");
  if ("stop" in before) return sayStop(before);
  if (before.exitCode === 0) return say(`All ${before.passed} tests pass already, so there is nothing to repair.`);
  const failure = readFailure(before);
  if ("stop" in failure) return sayStop(failure);

  const called = yield* findCalled(failure);
  if ("stop" in called) return sayStop(called);
  const bug = yield* findBug(called);
  if ("stop" in bug) return sayStop(bug);
  const refused = yield* applyRepair(bug, failure, stage);
  if (refused) return sayStop(refused);

  const lastWords = [message("Now the tests once more."), progress(3)];
  const after = yield* runTests(lastWords, "It shows whether the change repairs the test.");
  if ("stop" in after) return sayStop(after);
  if (after.exitCode !== 0) {
    return sayStop(unexpected("all tests to pass after its change", `${after.failed} that fail`));
  }
  const [, problems = ""] = yield [progress(4), call("read_diagnostics", {})];
  return say(report({ before, after, failure, bug, problem: readProblems(problems)[0] }));
}

const firstWords: readonly Output[] = [
  reasoning("**Running the tests**\n\nI do not know yet what fails. A test run says it best, so that comes first."),
  message("I run the tests first, to see what fails."),
  progress(0),
];

/** Says some words, runs the tests and waits for their end. */
function* runTests(words: readonly Output[], justification: string): Scene<Read<TestRun>> {
  let outputs = yield [...words, call("exec_command", { cmd: "npm test", justification })];
  let text = "";
  for (let waits = 0; waits < MAX_WAITS; waits++) {
    const state = readCommand(outputs.at(-1) ?? "", COMMAND);
    if ("stop" in state) return state;
    text += state.text;
    if (state.state === "ended") return readTestRun(state.exitCode, text);
    outputs = yield [call("write_stdin", { session_id: state.sessionId, chars: "", yield_time_ms: 10_000 })];
  }
  return unexpected(`${COMMAND} to end`, "a command that still runs");
}

interface Called {
  readonly name: string;
  /** The line of the test. */
  readonly assertion: string;
}

/** The function that the failing assertion calls. */
function* findCalled({ name, path, line, comparison }: Failure): Scene<Read<Called>> {
  const compared = comparison ? ` It compared \`${comparison}\`.` : "";
  const [, text = ""] = yield [
    reasoning(
      `**One test fails**\n\nIt is “${name}”, at ${path}:${line}.${compared} I read that test to see which function it calls.`,
    ),
    progress(1),
    call("read_file", { path }),
  ];
  const lines = readLines(text, path);
  if ("stop" in lines) return lines;
  const assertion = lines.get(line)?.trim() ?? "";
  const called = /assert\.\w+\((\w+)\(/.exec(assertion)?.[1];
  return called ? { name: called, assertion } : unexpected(`an assertion at ${path}:${line}`, quoted(assertion));
}

interface Bug {
  readonly path: string;
  readonly line: number;
  readonly lines: Lines;
  /** The code at that line, and what it should be; both with their indentation. */
  readonly code: string;
  readonly repaired: string;
  /** What the README says about closing; empty when it says nothing. */
  readonly rule: string;
}

/** The faulty line in the file that declares the function. */
function* findBug({ name, assertion }: Called): Scene<Read<Bug>> {
  const [found = "", readme = ""] = yield [
    reasoning(
      `**Looking for ${name}**\n\nThe assertion is ${inlineCode(assertion)}. I look for \`${name}\`, and read in the README what it promises.`,
    ),
    call("search_text", { pattern: `function ${name}(`, glob: "**/*.ts" }),
    call("read_file", { path: "README.md" }),
  ];
  const declared = readMatches(found)[0];
  if (!declared) return unexpected(`the place of the function \`${name}\``, quoted(found));
  const rule = /^\d+\t- (.*\buntil the minute it closes\b.*)$/m.exec(readme)?.[1] ?? "";

  const { path } = declared;
  const [source = ""] = yield [call("read_file", { path })];
  const lines = readLines(source, path);
  if ("stop" in lines) return lines;
  const faulty = theLine(lines, /^(.*\bminute )<=( \w+\.closes;)$/);
  if (!faulty) return unexpected(`one line with \`minute <= range.closes\` in ${path}`, quoted(source));
  const [line, [code, start, end]] = faulty;
  return { path, line, lines, code, repaired: `${start}<${end}`, rule };
}

/** Undefined when the repair is on disk. */
function* applyRepair(
  { path, line, lines, code, repaired, rule }: Bug,
  failure: Failure,
  stage: Stage,
): Scene<Stop | undefined> {
  const promise = rule ? ` The README promises the same: “${rule}”` : "";
  const [, output = ""] = yield [
    reasoning(
      `**The closing minute counts as open**\n\n${path} has ${inlineCode(code.trim())}. With \`<=\` the minute of closing still counts as open, which “${failure.name}” forbids.${promise} So the comparison must be \`<\`.`,
    ),
    message(`The cause is \`${path}:${line}\`: it counts the closing minute as open. I change the comparison.`),
    progress(2),
    stage.patch(replaceLine(path, lines, { line, by: [repaired] })),
  ];
  return patchProblem(output, path);
}

/** The plan with so many steps done. */
function progress(done: number): Output {
  const status = (index: number): StepStatus => {
    if (index < done) return "completed";
    return index === done ? "in_progress" : "pending";
  };
  return plan(...STEPS.map((step, index) => [step, status(index)] as const));
}

interface Outcome {
  readonly before: TestRun;
  readonly after: TestRun;
  readonly failure: Failure;
  readonly bug: Bug;
  /** What the editor still reports somewhere. */
  readonly problem: Match | undefined;
}

function report({ before, after, failure, bug, problem }: Outcome): string {
  const lines = [
    `The tests pass again: ${after.passed} pass and none fails. Before, ${before.failed} of ${before.passed + before.failed} failed.`,
    "",
    `- **Cause:** \`${bug.path}:${bug.line}\` compared with \`<=\`, so a place counted as open in the minute in which it closes. That made “${failure.name}” fail, at \`${failure.path}:${failure.line}\`.`,
    `- **Change:** the comparison is \`<\` now.${bug.rule ? ` The README promises it so: “${bug.rule}”` : ""}`,
    `- **Checked:** ${COMMAND}, before and after.`,
  ];
  if (problem) {
    lines.push(
      "",
      `The editor still reports a problem at \`${problem.path}:${problem.line}\`. Put the cursor there, press Ctrl+. and choose **Fix with Patchwright**.`,
    );
  }
  return lines.join("\n");
}
