import process from "node:process";
import { UsageError } from "./usageError.ts";

/** How long a pipe may be silent that comes beside a prompt: some programs hand one over and never close it. */
const SILENT_PIPE_MS = 1000;

export interface PromptSource {
  readonly prompt: string | undefined;
  readonly say: (message: string) => void;
}

/** The text of the message: the argument, standard input, or both. Throws UsageError when it is empty. */
export async function readPrompt({ prompt, say }: PromptSource): Promise<string> {
  if (prompt === undefined || prompt === "-") {
    if (process.stdin.isTTY && prompt === undefined)
      throw new UsageError("There is no prompt: give one as an argument, or on standard input.");
    return required(await readAll(process.stdin));
  }
  if (process.stdin.isTTY) return required(prompt);
  const piped = await readUnlessSilent(say);
  return piped.trim() === "" ? required(prompt) : `${prompt}\n\n<stdin>\n${piped.replace(/\n$/, "")}\n</stdin>`;
}

function required(prompt: string): string {
  if (prompt.trim() === "") throw new UsageError("The prompt is empty.");
  return prompt;
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** All of standard input, unless nothing at all comes in the first moment. */
async function readUnlessSilent(say: (message: string) => void): Promise<string> {
  const { stdin } = process;
  const silence = setTimeout(() => {
    say(
      "Nothing came on standard input, so it is not waited for. To wait for a slow program, give the whole prompt there.",
    );
    stdin.destroy();
  }, SILENT_PIPE_MS);
  stdin.once("readable", () => clearTimeout(silence));
  try {
    return await readAll(stdin);
  } catch {
    return "";
  } finally {
    clearTimeout(silence);
  }
}
