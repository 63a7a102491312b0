/** A stretch of code in one colour; `style` is a class name of the panel, empty for plain text. */
export interface CodeRun {
  text: string;
  style: string;
}

const control = new Set(
  (
    "if else elif elsif unless for foreach while do loop switch case default match break continue return throw throws raise " +
    "try catch except finally rescue ensure await yield import export from as goto defer go select when then fi done esac"
  ).split(" "),
);

/** How the classes of the highlighter look here. What is not named stays plain. */
const styles: Record<string, string> = {
  "hljs-keyword": "keyword",
  "hljs-literal": "keyword",
  "hljs-type": "",
  "hljs-built_in": "function",
  "hljs-string": "string",
  "hljs-regexp": "string",
  "hljs-char": "string",
  "hljs-subst": "plain",
  "hljs-number": "number",
  "hljs-comment": "comment",
  "hljs-doctag": "comment",
  "hljs-quote": "comment",
  "hljs-meta": "comment",
  "hljs-title function_": "function",
  "hljs-title": "function",
  "hljs-title class_": "",
  "hljs-section": "keyword",
  "hljs-name": "keyword",
  "hljs-tag": "",
  "hljs-selector-tag": "keyword",
  "hljs-selector-class": "function",
  "hljs-selector-id": "function",
  "hljs-symbol": "number",
  "hljs-bullet": "keyword",
  "hljs-code": "string",
  "hljs-link": "string",
  "hljs-addition": "string",
  "hljs-deletion": "control",
};

const entities: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'" };

/** The highlighter's markup, which holds spans and escaped text only, as lines of runs. No markup reaches the page. */
export function linesOfRuns(markup: string): CodeRun[][] {
  const lines: CodeRun[][] = [[]];
  const open: string[] = [];
  for (const part of markup.split(/(<span class="[^"]*">|<\/span>)/)) {
    const begins = /^<span class="([^"]*)">$/.exec(part);
    if (begins) open.push(begins[1] ?? "");
    else if (part === "</span>") open.pop();
    else pushText(lines, unescaped(part), open);
  }
  return lines;
}

/** Plain text in the same form. */
export function plainLines(text: string): CodeRun[][] {
  return text.split("\n").map((line) => (line === "" ? [] : [{ text: line, style: "" }]));
}

/** The runs before and after a range, cut at its ends, and the text within it. */
export function cutRuns(runs: readonly CodeRun[], range: { from: number; to: number }) {
  const before: CodeRun[] = [];
  const after: CodeRun[] = [];
  let within = "";
  let at = 0;
  for (const { text, style } of runs) {
    const [from, to] = [clamp(range.from - at, text.length), clamp(range.to - at, text.length)];
    if (from > 0) before.push({ text: text.slice(0, from), style });
    within += text.slice(from, to);
    if (to < text.length) after.push({ text: text.slice(to), style });
    at += text.length;
  }
  return { before, within, after };
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}

function pushText(lines: CodeRun[][], text: string, open: readonly string[]): void {
  text.split("\n").forEach((piece, index) => {
    if (index > 0) lines.push([]);
    if (piece !== "") lines.at(-1)?.push({ text: piece, style: styleOf(open, piece) });
  });
}

/** The innermost class that has a look decides; words that steer the flow differ from other keywords. */
function styleOf(open: readonly string[], text: string): string {
  const known = open.findLast((name) => styles[name] !== undefined || styles[name.split(" ")[0] ?? ""] !== undefined);
  if (known === undefined) return "";
  const style = styles[known] ?? styles[known.split(" ")[0] ?? ""] ?? "";
  if (style === "keyword" && control.has(text.trim())) return "control";
  return style === "plain" ? "" : style;
}

function unescaped(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => entities[entity] ?? entity);
}
