import type { Host } from "../../host/host.ts";
import { AgentError, toAgentError } from "../../protocol/errors.ts";
import type { ModelTraits } from "../model/models.ts";
import type { Paths } from "../policy/paths.ts";
import { plainTextOf } from "./plainText.ts";

/** A part for some models only: between "<!-- name -->" and "<!-- /name -->", each on a line of its own. */
const PART = /^<!-- ([a-z-]+) -->\n(.*?)^<!-- \/\1 -->\n/gms;

/** The base instructions for models of one family: what all models are told, and the parts that are for these. */
export function baseInstructionsFor(markdown: string, { reasoning, customTools, lateTools }: ModelTraits): string {
  const told: Readonly<Record<string, boolean>> = {
    reasoning: reasoning !== undefined,
    "no-reasoning": reasoning === undefined,
    "custom-tools": customTools,
    "function-tools": !customTools,
    "call-tool": !lateTools,
  };
  const text = markdown.replace(PART, (_, name: string, part: string) => {
    if (told[name] === undefined) throw new AgentError("internal", `The base instructions have a part ${name}.`);
    return told[name] ? part : "";
  });
  return text.trim();
}

const MAX_BYTES = 131_072;

interface Place {
  readonly host: Host;
  readonly paths: Paths;
  readonly signal: AbortSignal;
}

/** What the user's own file says in place of the base instructions. Rejects, in words for the user, when it says nothing that can be sent. */
export async function readOwnInstructions(file: string, { host, paths, signal }: Place): Promise<string> {
  const path = file.replace(/^~(?=[\\/])/, host.platform.home);
  if (paths.resolve("/", path) !== paths.resolve("/elsewhere", path)) throw wrong(file, "is not an absolute path");
  const bytes = await read(path, host, signal);
  if (bytes.length > MAX_BYTES) throw wrong(path, `has more than ${MAX_BYTES} bytes`);
  const text = textOf(bytes, path).trim();
  if (text === "") throw wrong(path, "is empty");
  return text;
}

async function read(path: string, host: Host, signal: AbortSignal): Promise<Uint8Array> {
  try {
    return (await host.files.read(path, signal)).bytes;
  } catch (error) {
    const { code, message } = toAgentError(error);
    if (code === "aborted") throw error;
    throw wrong(path, code === "notFound" ? "is not there" : `cannot be read (${message.replace(/\.$/, "")})`);
  }
}

function textOf(bytes: Uint8Array, path: string): string {
  try {
    return plainTextOf(bytes);
  } catch {
    throw wrong(path, "is not a text file");
  }
}

function wrong(path: string, what: string): AgentError {
  return new AgentError(
    "invalid",
    `The file that is to stand in place of Patchwright's own instructions, ${path}, ${what}. Correct the setting patchwright.baseInstructionsFile (in config.toml: model_instructions_file), or clear it; then send the message again.`,
  );
}
