import { parseSync } from "oxc-parser";
import type { SourceFile } from "../architecture/imports.ts";

/** What a file says by `l10n.t`, and what is not as it must be, as sentences. */
export interface SaidWords {
  readonly messages: readonly string[];
  readonly faults: readonly string[];
}

type Node = Readonly<Record<string, unknown>>;

/** Such texts are words of a language: two words, or a word that begins as a title does. */
const words = /[A-Za-z][^\s$]* \S*[A-Za-z]|^[A-Z][a-z]+|\{\} [a-z]/;

/** Not said to the user: the product's name, markup, styles, and what the panel's own code is told. */
const unsaid =
  /^((\$\(.*\) )?Patchwright( window)?$|<|[a-z]+-(src|uri|action) |1px |none; |M4 8h8|Unknown method|Invalid params|the top$)/;

export function saidWords({ path, text }: SourceFile): SaidWords {
  const messages: string[] = [];
  const faults: string[] = [];
  const visit = (value: unknown): void => {
    for (const node of nodesIn(value)) {
      if (isPassedOver(node, path)) continue;
      const plain = plainText(node);
      if (plain !== undefined && words.test(plain) && !unsaid.test(plain)) {
        faults.push(`${path}: "${plain}" is not said by l10n.t.`);
      }
      if (!isSaying(node, text)) {
        visit(Object.values(node));
        continue;
      }
      const [message, values] = node.arguments as Node[];
      const fault = faultOf(message, values);
      if (fault) faults.push(`${path}: ${sourceOf(message, text)} ${fault}`);
      else messages.push(String(message?.value));
      visit(values);
    }
  };
  visit(parseSync(path, text).program);
  return { messages, faults };
}

function nodesIn(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  return typeof value === "object" && value !== null ? [value as Node] : [];
}

/** Types and imports say nothing; what the host refuses is told to the model, in English. */
function isPassedOver({ type, callee }: Node, path: string): boolean {
  if (type === "ImportDeclaration" || String(type).startsWith("TSLiteral")) return true;
  const { name } = Object(callee) as Node;
  return path.startsWith("src/host/") && (name === "AgentError" || name === "restricted");
}

function isSaying({ type, callee }: Node, text: string): boolean {
  return type === "CallExpression" && /^(vscode\.)?l10n\.t$/.test(sourceOf(callee, text));
}

/** A message is found by its words, so these must stand there, and each value must have a place of its name in them. */
function faultOf(message: Node | undefined, values: Node | undefined): string | undefined {
  if (message?.type !== "Literal" || typeof message.value !== "string") return "is not a plain text.";
  const places = [...message.value.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const given = nodesIn(values?.properties).map(({ key }) => (key as Node).name);
  return String([...new Set(places)].sort()) === String(given.sort()) ? undefined : `is given "${given}".`;
}

/** A text as it stands in the code, with "{}" for what is put in. */
function plainText({ type, value, quasis }: Node): string | undefined {
  if (type === "Literal" && typeof value === "string") return value;
  if (type !== "TemplateLiteral") return undefined;
  return (quasis as { value: { cooked: string } }[]).map((part) => part.value.cooked).join("{}");
}

function sourceOf(node: unknown, text: string): string {
  const { start, end } = node as { start: number; end: number };
  return text.slice(start, end);
}
