import { ESCAPE_SEQUENCE } from "../../src/protocol/sanitizeForDisplay.ts";

/** A stretch of output in one style; `style` is a class name such as "green" or "bold red", empty for plain text. */
export interface OutputRun {
  text: string;
  style: string;
}

const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
/** One that has not ended with the line is left out, too: while a command runs, the rest of it may still come. */
const ESCAPE = new RegExp(String.raw`${ESCAPE_SEQUENCE}|\x1b(?:[\x5b\x5dPX\x5e\x5f][^\x1b]*)?$`, "gv");

interface Style {
  colour: string;
  bold: boolean;
  dim: boolean;
}

/** One line of terminal output as styled text: colours are kept, every other escape is dropped, a carriage return starts the line anew. */
export function outputRuns(line: string): OutputRun[] {
  const shown = line.replace(/\r+$/, "");
  const text = shown.slice(shown.lastIndexOf("\r") + 1);
  const runs: OutputRun[] = [];
  let style: Style = { colour: "", bold: false, dim: false };
  let from = 0;
  for (const match of text.matchAll(ESCAPE)) {
    push(runs, text.slice(from, match.index), style);
    from = match.index + match[0].length;
    if (match[2] === "m") style = styled(style, match[1] ?? "");
  }
  push(runs, text.slice(from), style);
  return runs;
}

function push(runs: OutputRun[], text: string, style: Style): void {
  if (text === "") return;
  runs.push({
    text,
    style: [style.bold ? "bold" : "", style.dim ? "dim" : "", style.colour].filter(Boolean).join(" "),
  });
}

function styled(before: Style, parameters: string): Style {
  const style = { ...before };
  const codes = parameters.split(/[;:]/).map(Number);
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 0) Object.assign(style, { colour: "", bold: false, dim: false });
    else if (code === 1) style.bold = true;
    else if (code === 2) style.dim = true;
    else if (code === 22) Object.assign(style, { bold: false, dim: false });
    else if (code === 39) style.colour = "";
    else if (code >= 30 && code <= 37) style.colour = COLOURS[code - 30] ?? "";
    else if (code >= 90 && code <= 97) style.colour = code === 90 ? "dim" : (COLOURS[code - 90] ?? "");
    else if (code === 38 || code === 48) at += codes[at + 1] === 5 ? 2 : 4;
  }
  return style;
}
