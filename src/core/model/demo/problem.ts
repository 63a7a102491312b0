import { patchProblem, replaceLine } from "./edit.ts";
import { call, message, reasoning } from "./output.ts";
import { type Scene, type Script, type Stage, say, sayStop } from "./script.ts";
import {
  inlineCode,
  type Match,
  quoted,
  type Read,
  readLines,
  readMatches,
  readProblems,
  unexpected,
} from "./toolOutputs.ts";

/** The sample's own type error: a moment that may be missing is given to a function that wants one. */
const faulty = /^(\s*)return `Closed, opens \$\{formatMoment\((\w+)\((.*)\)\)\}`;$/;
const MAX_LOOKS = 3;

/** Repairs the sample's type error. */
export function* fixProblem(problems: readonly Match[], stage: Stage): Script {
  const found = yield* lookAt(problems, "Fixing");
  if ("stop" in found) return sayStop(found);
  const { path, line, lines, code, signature } = found;

  const [, indent, name, args] = code;
  const by = [
    `${indent}const next = ${name}(${args});`,
    `${indent}return next ? \`Closed, opens \${formatMoment(next)}\` : "Closed";`,
  ];
  const [patched = ""] = yield [
    reasoning(
      `**A moment that may be missing**\n\n${inlineCode(signature.text.trim())} at ${signature.path}:${signature.line} gives no moment when the place never opens, and \`formatMoment\` needs one. The sign should then say just “Closed”.`,
    ),
    message(
      `\`${name}\` may give nothing, so \`${path}:${line}\` must say what the sign shows then. I change that line.`,
    ),
    stage.patch(replaceLine(path, lines, { line, by })),
  ];
  const refused = patchProblem(patched, path);
  if (refused) return sayStop(refused);

  for (let looks = 0; looks < MAX_LOOKS; looks++) {
    const [reported = ""] = yield [call("read_diagnostics", { paths: [path] })];
    if (/^No editor/.test(reported))
      return say(`${done(found)} No editor is there to check it; \`npm run typecheck\` does.`);
    if (readProblems(reported).length === 0)
      return say(`${done(found)} The editor reports no problem in that file any more.`);
  }
  return say(`${done(found)} The editor still reported a problem there when I looked; it may need a moment more.`);
}

/** Explains the sample's type error, without changing anything. */
export function* explainProblem(problems: readonly Match[]): Script {
  const found = yield* lookAt(problems, "Explaining");
  if ("stop" in found) return sayStop(found);
  const { path, line, code, signature, problem } = found;
  const [, , name, args] = code;
  return say(
    [
      `\`${path}:${line}\` gives the result of \`${name}(${args})\` straight to \`formatMoment\`:`,
      "",
      `\`\`\`ts\n${code[0].trim()}\n\`\`\``,
      "",
      `- **What it means:** “${problem.text}” \`formatMoment\` takes a moment, and what it gets here may be \`undefined\`.`,
      `- **Why here:** \`${signature.path}:${signature.line}\` declares ${inlineCode(signature.text.trim())}. It gives nothing when the place never opens.`,
      `- **How to fix it:** keep the result, and say just “Closed” when there is none. **Fix with Patchwright** does that.`,
    ].join("\n"),
  );
}

interface Found {
  readonly problem: Match;
  readonly path: string;
  readonly line: number;
  readonly lines: ReadonlyMap<number, string>;
  readonly code: RegExpExecArray;
  /** Where the function that may give nothing is declared. */
  readonly signature: Match;
}

/** The file as it is, and the declaration behind the problem. */
function* lookAt(problems: readonly Match[], doing: string): Scene<Read<Found>> {
  const problem = problems[0]!;
  const { path, line } = problem;
  if (problems.some((other) => other.path !== path || other.line !== line)) {
    return unexpected("one problem", `${problems.length} in different places`);
  }
  const [text = ""] = yield [
    reasoning(
      `**${doing} the problem**\n\nThe editor reports “${problem.text}” at ${path}:${line}. I read the file as it is now.`,
    ),
    call("read_file", { path }),
  ];
  const lines = readLines(text, path);
  if ("stop" in lines) return lines;
  const code = faulty.exec(lines.get(line) ?? "");
  if (!code) return unexpected(`the sample's type error at ${path}:${line}`, quoted(lines.get(line) ?? ""));

  const [declared = ""] = yield [
    reasoning(
      `**Where the value comes from**\n\nThe line is ${inlineCode(code[0].trim())}. What \`${code[2]}\` gives goes straight into \`formatMoment\`, so I look at what it promises.`,
    ),
    call("search_text", { pattern: `function ${code[2]}(`, glob: "**/*.ts" }),
  ];
  const signature = readMatches(declared).find((match) => match.text.includes("undefined"));
  if (!signature) return unexpected(`a function \`${code[2]}\` that may give nothing`, quoted(declared));
  return { problem, path, line, lines, code, signature };
}

function done({ path, line, signature }: Found): string {
  return `\`${path}:${line}\` now says just “Closed” when the place never opens, instead of giving \`formatMoment\` nothing. The moment may be missing because \`${signature.path}:${signature.line}\` says so.`;
}
