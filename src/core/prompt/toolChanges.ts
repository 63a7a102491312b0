import type { HostTool } from "../../host/tools.ts";
import type { LoggedInput } from "../store/inputs.ts";
import { CALL_TOOL } from "../tools/callLateTool.ts";
import { hostToolSpec } from "../tools/hostTools.ts";
import { messageItem } from "./contextLog.ts";
import { within } from "./ownTags.ts";

/** What a context was told of a tool that a host brought. */
export interface ToldTool {
  /** Its specification as it was last told, serialised. */
  readonly spec: string;
  /** False once the model was told that it is gone. */
  readonly here: boolean;
}

/** By name: all that this context was ever told of. */
export type ToldTools = Readonly<Record<string, ToldTool>>;

/** What a model knows once these tools stand in its head. */
export function toldByHead(tools: readonly HostTool[], before: ToldTools): ToldTools {
  const told: Record<string, ToldTool> = { ...before };
  for (const tool of tools) told[tool.name] = { spec: specText(tool), here: before[tool.name]?.here ?? true };
  return told;
}

export interface ToolChange {
  readonly inputs: readonly LoggedInput[];
  readonly told: ToldTools;
}

/** What to tell a model of tools that came, changed and went. `lateTools` says whether its list of tools can grow. */
export function toolChange(
  tools: readonly HostTool[],
  before: ToldTools,
  { lateTools }: { readonly lateTools: boolean },
): ToolChange {
  const added = tools.filter(({ name }) => !before[name]);
  const known = tools.filter(({ name }) => before[name]);
  const changed = known.filter((tool) => before[tool.name]?.spec !== specText(tool));
  const back = known.filter((tool) => !before[tool.name]?.here && !changed.includes(tool)).map(({ name }) => name);
  const here = new Set(tools.map(({ name }) => name));
  const gone = Object.keys(before).filter((name) => before[name]?.here && !here.has(name));
  const told: Record<string, ToldTool> = { ...before };
  for (const tool of tools) told[tool.name] = { spec: specText(tool), here: true };
  for (const name of gone) told[name] = { spec: before[name]?.spec ?? "", here: false };

  const grows = lateTools && added.length > 0;
  const paragraphs = [
    ...(grows ? [] : added.map((tool) => `New, to be called through ${CALL_TOOL}: ${description(tool)}`)),
    ...changed.map((tool) => `Changed: ${description(tool)}`),
    ...(back.length > 0 ? [`Available again: ${back.join(", ")}`] : []),
    ...(gone.length > 0 ? [`No longer available: ${gone.join(", ")}`] : []),
  ];
  const inputs: LoggedInput[] = [];
  if (grows) inputs.push(ofTools({ type: "additional_tools", role: "developer", tools: added.map(hostToolSpec) }));
  if (paragraphs.length > 0)
    inputs.push(ofTools(messageItem("developer", `<tools>\n${paragraphs.join("\n")}\n</tools>`)));
  return { inputs, told: inputs.length > 0 ? told : before };
}

function ofTools(item: object): LoggedInput {
  return { item: { ...item }, layer: "tools" };
}

function description({ name, description: words, parameters }: HostTool): string {
  return within(`${name}. ${words}\nIts arguments as JSON Schema: ${JSON.stringify(parameters)}`);
}

/** Tools are looked at before each request, and are the same objects most of the time. */
const specTexts = new WeakMap<HostTool, string>();

function specText(tool: HostTool): string {
  const known = specTexts.get(tool);
  if (known !== undefined) return known;
  const text = JSON.stringify(hostToolSpec(tool));
  specTexts.set(tool, text);
  return text;
}
