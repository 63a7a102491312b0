import type { ReadStream } from "node:tty";

export interface Asked {
  readonly input: ReadStream;
  readonly output: { write(text: string): unknown };
}

const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const ERASE = /[\b\u007f]/;

/** What a person types on a terminal up to Enter, none of which is shown; empty when they back out with Ctrl+C or Ctrl+D. */
export async function hiddenLine(question: string, { input, output }: Asked): Promise<string> {
  // First of all: whoever types as soon as they are asked is not shown either.
  input.setRawMode(true);
  input.setEncoding("utf8");
  let line = "";
  try {
    output.write(question);
    for await (const piece of input) {
      for (const char of String(piece)) {
        if (char === "\r" || char === "\n") return line;
        if (char === CTRL_C || char === CTRL_D) return "";
        line = ERASE.test(char) ? line.slice(0, -1) : line + char;
      }
    }
    return line;
  } finally {
    input.setRawMode(false);
    output.write("\n");
  }
}
