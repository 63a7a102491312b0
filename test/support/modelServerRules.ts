import type { ResponseCreateParamsStreaming, ResponseInputItem, Tool } from "openai/resources/responses/responses";
import { encryptedContent } from "../../src/core/model/demo/items.ts";
import type { ApiError } from "./modelServerReply.ts";
import { invalid } from "./modelServerShape.ts";

/** A request whose shape is right. */
export interface ParsedRequest extends ResponseCreateParamsStreaming {
  model: string;
  input: ResponseInputItem[];
  prompt_cache_key: string;
}

/** The first thing that the real server would refuse although the shape is right; undefined when all is well. */
export function ruleError(request: ParsedRequest, belongings: Belongings): ApiError | undefined {
  return (
    modelError(request) ??
    storeError(request) ??
    toolsError(request) ??
    lateItemsError(request) ??
    callsError(request.input) ??
    compactionError(request) ??
    reasoningError(request, belongings)
  );
}

/** Which reasoning item came with which other items: by the id of an item, the id of the reasoning before it in its answer. */
export type Belongings = ReadonlyMap<string, string>;

/** Older families, and models of others, take neither reasoning settings, nor a verbosity, nor custom tools. */
function modelError({ model, reasoning, include, text, tools }: ParsedRequest): ApiError | undefined {
  if (/^(gpt-[56]|demo$)/.test(model)) return undefined;
  const unsupported = (name: string) =>
    invalid(`Unsupported parameter: '${name}' is not supported with this model.`, name, "unsupported_parameter");
  if (reasoning) return unsupported("reasoning.effort");
  if (text?.verbosity) return unsupported("text.verbosity");
  if (tools?.some(({ type }) => type === "custom")) return unsupported("tools");
  if (include?.includes("reasoning.encrypted_content")) {
    return invalid("Encrypted content is not supported with this model.", "include");
  }
  return undefined;
}

/** The families that take items of these types; the others refuse them by name. */
const TAKES: Readonly<Record<string, RegExp>> = {
  configuration_update: /^gpt-6(?!.*-pro\b)/,
  additional_tools: /^gpt-(5\.6|6)(?!.*-pro\b)/,
};

/** What changes in mid-thread: only where the model takes it, with something in it, and never two changes of effort side by side. */
function lateItemsError({ model, input }: ParsedRequest): ApiError | undefined {
  for (const [index, item] of input.entries()) {
    const type = item.type ?? "message";
    const at = `input[${index}]`;
    if (TAKES[type]?.test(model) === false) {
      const message = `The '${type}' item type is not supported with this model.`;
      return invalid(message, `${at}.type`, "unsupported_value");
    }
    if (item.type === "additional_tools" && item.tools.length === 0) {
      return invalid(`Invalid '${at}.tools': empty array.`, `${at}.tools`, "empty_array");
    }
    if (item.type !== "configuration_update") continue;
    if (!item.reasoning) return invalid(`'${at}' must change something.`, at);
    if (input[index - 1]?.type === "configuration_update") {
      return invalid("Two 'configuration_update' items may not be adjacent.", at);
    }
  }
  return undefined;
}

function storeError({ store, previous_response_id }: ParsedRequest): ApiError | undefined {
  if (store !== false) return invalid("The scripted server wants `store` to be false.", "store");
  if (!previous_response_id) return undefined;
  const message = `Previous response with id '${previous_response_id}' not found.`;
  return invalid(message, "previous_response_id", "previous_response_not_found");
}

function toolsError({ tools = [], input }: ParsedRequest): ApiError | undefined {
  const later = input.flatMap((item) => (item.type === "additional_tools" ? item.tools : []));
  const names = new Set<string>();
  for (const [index, tool] of [...tools, ...later].entries()) {
    if (tool.type !== "function" && tool.type !== "custom") continue;
    if (names.has(tool.name)) return invalid(`Tool names must be unique: '${tool.name}'.`, `tools[${index}].name`);
    names.add(tool.name);
    const error = strictError(tool) ?? grammarError(tool, index);
    if (error) return error;
  }
  return undefined;
}

function strictError(tool: Tool): ApiError | undefined {
  if (tool.type !== "function" || !tool.strict) return undefined;
  const problem = strictProblem(tool.parameters as JsonSchema, []);
  if (!problem) return undefined;
  const message = `Invalid schema for function '${tool.name}': ${problem}`;
  return invalid(message, "tools.parameters", "invalid_function_parameters");
}

interface JsonSchema {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

function strictProblem(schema: JsonSchema, path: readonly string[]): string | undefined {
  const context = `In context=(${path.map((part) => `'${part}'`).join(", ")})`;
  if (schema.properties) {
    const names = Object.keys(schema.properties);
    const required = schema.required ?? [];
    if (schema.additionalProperties !== false) {
      return `${context}, 'additionalProperties' is required to be supplied and to be false.`;
    }
    const missing = names.find((name) => !required.includes(name));
    if (missing) return `${context}, 'required' is required to include every key in properties. Missing '${missing}'.`;
    const extra = required.find((name) => !names.includes(name));
    if (extra) return `${context}, 'required' is required to name properties only. Extra required key '${extra}'.`;
  }
  const inner: [string, JsonSchema][] = [
    ...Object.entries(schema.properties ?? {}),
    ...(schema.items ? [["items", schema.items] as [string, JsonSchema]] : []),
    ...(schema.anyOf ?? []).map((option, index): [string, JsonSchema] => [`${index}`, option]),
  ];
  for (const [name, child] of inner) {
    const problem = strictProblem(child, [...path, name]);
    if (problem) return problem;
  }
  return undefined;
}

function grammarError(tool: Tool, index: number): ApiError | undefined {
  if (tool.type !== "custom" || tool.format?.type !== "grammar" || tool.format.syntax !== "lark") return undefined;
  if (/^start\s*:/m.test(tool.format.definition)) return undefined;
  return invalid(`Invalid grammar for '${tool.name}': there is no rule 'start'.`, `tools[${index}].format.definition`);
}

/** Every call has one output after it, of its own kind, and every output its call. */
function callsError(input: readonly ResponseInputItem[]): ApiError | undefined {
  const open = new Map<string, "function" | "custom">();
  const seen = new Set<string>();
  for (const item of input) {
    switch (item.type) {
      case "function_call":
      case "custom_tool_call":
        if (seen.has(item.call_id)) return invalid(`Duplicate call id '${item.call_id}'.`, "input");
        seen.add(item.call_id);
        open.set(item.call_id, item.type === "function_call" ? "function" : "custom");
        break;
      case "function_call_output":
      case "custom_tool_call_output": {
        const kind = item.type === "function_call_output" ? "function" : "custom";
        const callId = item.call_id ?? "";
        if (open.get(callId) !== kind) {
          const words = kind === "function" ? "function call" : "custom tool call";
          return invalid(`No tool call found for ${words} output with call_id ${callId}.`, "input");
        }
        open.delete(callId);
        break;
      }
    }
  }
  const [callId, kind] = open.entries().next().value ?? [];
  if (!callId) return undefined;
  const words = kind === "function" ? "function call" : "custom tool call";
  return invalid(`No tool output found for ${words} ${callId}.`, "input");
}

/** Only newer models condense a context by themselves, and only when that is asked last. */
function compactionError({ model, input }: ParsedRequest): ApiError | undefined {
  const at = input.findIndex((item) => item.type === "compaction_trigger");
  if (at < 0) return undefined;
  if (!/^gpt-(5\.6|6)/.test(model)) return invalid("Compaction is not supported with this model.", "input");
  return at === input.length - 1 ? undefined : invalid("A compaction trigger must be the final input item.", "input");
}

/** True for a request whose last item asks for the context in short: nothing continues it. */
export function asksForCompaction({ input }: ParsedRequest): boolean {
  const last = input.at(-1);
  if (last?.type === "compaction_trigger") return true;
  return JSON.stringify(last ?? "").includes("<context_compaction>");
}

/**
 * With nothing stored, a reasoning item brings its encrypted content. It is followed by what it led to (a message or a call of its answer),
 * and what it led to does not come without it.
 */
function reasoningError({ input, include }: ParsedRequest, belongings: Belongings): ApiError | undefined {
  const ids = new Set(input.map((item) => ("id" in item ? item.id : undefined)));
  for (const [index, item] of input.entries()) {
    const id = "id" in item && item.id ? item.id : "";
    const needed = belongings.get(id);
    if (needed && !ids.has(needed)) {
      const message = `Item '${id}' of type '${item.type}' was provided without its required 'reasoning' item: '${needed}'.`;
      return invalid(message, "input");
    }
    if (item.type !== "reasoning") continue;
    if (!include?.includes("reasoning.encrypted_content") || !item.encrypted_content) return notStored(id);
    if (!isOurs(id, item.encrypted_content)) {
      const message = `The encrypted content for item ${id} could not be verified.`;
      return invalid(message, null, "invalid_encrypted_content");
    }
    if (!isAnswerItem(input[index + 1])) {
      return invalid(`Item '${id}' of type 'reasoning' was provided without its required following item.`, "input");
    }
  }
  return undefined;
}

function notStored(id: string): ApiError {
  const advice = "Try again with `store` set to true, or remove this item from your input.";
  return invalid(
    `Item with id '${id}' not found. Items are not persisted when \`store\` is set to false. ${advice}`,
    "input",
  );
}

function isOurs(id: string, content: string): boolean {
  return id ? content === encryptedContent(id) : content.startsWith(encryptedContent("rs_").slice(0, 9));
}

function isAnswerItem(item: ResponseInputItem | undefined): boolean {
  switch (item?.type) {
    case "reasoning":
    case "function_call":
    case "custom_tool_call":
    case "web_search_call":
    case "compaction":
      return true;
    default:
      return item !== undefined && "role" in item && item.role === "assistant";
  }
}
