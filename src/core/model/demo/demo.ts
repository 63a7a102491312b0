import type { ResponseCreateParamsStreaming, ResponseInputItem } from "openai/resources/responses/responses";
import { KEY_ADVICE } from "../failure.ts";
import type { Output } from "./output.ts";
import { explainProblem, fixProblem } from "./problem.ts";
import { repairTests } from "./repair.ts";
import { play, type Script, type Stage, say, stageOf } from "./script.ts";
import { readProblems } from "./toolOutputs.ts";

/**
 * The demo model's next answer. It depends on the request alone: what the turn's calls gave so far decides how the script goes on.
 * Items of the input that it does not know are passed over.
 */
export function demoReply(request: ResponseCreateParamsStreaming): readonly Output[] {
  const input = typeof request.input === "string" ? [] : (request.input ?? []);
  const start = input.findLastIndex((item) => "role" in item && item.role === "user");
  const script = scriptFor(textOf(input[start]), stageOf(request));
  return script ? play(script, input.slice(start + 1).flatMap(outputOf)) : say(introduction(input.flatMap(outputOf)));
}

/** Undefined for a message that no script is for. */
function scriptFor(said: string, stage: Stage): Script | undefined {
  const problems = readProblems(said);
  if (problems.length > 0 && /^Explain\b/i.test(said)) return explainProblem(problems);
  if (problems.length > 0) return fixProblem(problems, stage);
  if (/\btests?\b/i.test(said) && /\b(fix|repair|mend)\b/i.test(said)) return repairTests(stage);
  return undefined;
}

/** What the demo is, what it can do, and what it did in this thread by these outputs. */
function introduction(outputs: readonly string[]): string {
  const changes = [...new Set(outputs.flatMap(changedPaths))].map((path) => `\`${path}\``).join(", ");
  return [
    "I am the demo model: a script that is built into Patchwright, not a language model. It plays in this sample workspace, and what it does there is real: the files it reads, the commands it runs, the changes it makes.",
    ...(changes ? ["", `In this thread it changed ${changes}.`] : []),
    "",
    "It can do two things:",
    "",
    "- Find out why the sample's test fails, and repair it. Write: **The tests fail. Find out why and fix it.**",
    "- Fix or explain the sample's type error. Put the cursor on it, press Ctrl+. and choose **Fix with Patchwright** or **Explain with Patchwright**.",
    "",
    `For anything else, and for your own code, a real model needs an API key: ${KEY_ADVICE}.`,
  ].join("\n");
}

function changedPaths(output: string): string[] {
  if (!output.startsWith("Applied.\n")) return [];
  return [...output.matchAll(/^[AMDR] (.+)$/gm)].map(([, path]) => path!);
}

/** The text of a call's output; nothing for other items. */
function outputOf(item: ResponseInputItem): string[] {
  if (item.type !== "function_call_output" && item.type !== "custom_tool_call_output") return [];
  const { output } = item;
  return [typeof output === "string" ? output : output.map((part) => ("text" in part ? part.text : "")).join("\n")];
}

function textOf(item: ResponseInputItem | undefined): string {
  if (!item || !("content" in item) || !item.content) return "";
  if (typeof item.content === "string") return item.content;
  return item.content.map((part) => ("text" in part ? part.text : "")).join("\n");
}
