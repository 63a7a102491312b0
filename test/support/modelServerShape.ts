import type * as api from "openai/resources/responses/responses";
import type * as shared from "openai/resources/shared";
import * as z from "zod";
import type { ApiError } from "./modelServerReply.ts";

/** Every member that the client's own type has, no other: a new version of the client that adds one fails the type check here. */
type Shape<T> = { readonly [Member in keyof Required<T>]: z.ZodType };

/** A member that the real server takes and Patchwright never sends. */
const unused = z.undefined().optional();
const name = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/);
const short = z.string().min(1).max(64);
const status = z.enum(["in_progress", "completed", "incomplete"]).nullish();
const effort = z.enum(["none", "minimal", "low", "medium", "high", "xhigh", "max"]);
const idWith = (prefix: string) => short.startsWith(`${prefix}_`).optional();

const text = z.strictObject({
  type: z.literal("input_text"),
  text: z.string(),
  prompt_cache_breakpoint: unused,
} satisfies Shape<api.ResponseInputText>);

const image = z.strictObject({
  type: z.literal("input_image"),
  detail: z.enum(["low", "high", "auto", "original"]).optional(),
  image_url: z.string().startsWith("data:image/"),
  file_id: unused,
  prompt_cache_breakpoint: unused,
} satisfies Shape<api.ResponseInputImage>);

const outputText = z.strictObject({
  type: z.literal("output_text"),
  text: z.string(),
  annotations: z.array(z.unknown()).optional(),
  logprobs: z.array(z.unknown()).optional(),
} satisfies Shape<api.ResponseOutputText>);

const refusal = z.strictObject({
  type: z.literal("refusal"),
  refusal: z.string(),
} satisfies Shape<api.ResponseOutputRefusal>);

const inputContent = z.discriminatedUnion("type", [text, image]);
const outputContent = z.discriminatedUnion("type", [outputText, refusal]);
const toolOutput = textOr(z.array(inputContent));

const inputMessage = z.strictObject({
  type: z.literal("message").optional(),
  role: z.enum(["user", "system", "developer"]),
  content: textOr(z.array(inputContent)),
  status,
  phase: unused,
} satisfies Shape<api.ResponseInputItem.Message & api.EasyInputMessage>);

const outputMessage = z.strictObject({
  type: z.literal("message"),
  id: idWith("msg"),
  role: z.literal("assistant"),
  content: textOr(z.array(outputContent)),
  status,
  phase: z.enum(["commentary", "final_answer"]).nullish(),
} satisfies Shape<api.ResponseOutputMessage>);

const itemShapes: Readonly<Record<string, z.ZodType>> = {
  function_call: z.strictObject({
    type: z.literal("function_call"),
    id: idWith("fc"),
    call_id: short,
    name,
    arguments: z.string(),
    status,
    async: unused,
    caller: unused,
    namespace: unused,
  } satisfies Shape<api.ResponseFunctionToolCall>),
  function_call_output: z.strictObject({
    type: z.literal("function_call_output"),
    id: idWith("fc"),
    call_id: short,
    output: toolOutput,
    status,
    caller: unused,
    name: unused,
    namespace: unused,
  } satisfies Shape<api.ResponseInputItem.FunctionCallOutput>),
  custom_tool_call: z.strictObject({
    type: z.literal("custom_tool_call"),
    id: idWith("ctc"),
    call_id: short,
    name,
    input: z.string(),
    async: unused,
    caller: unused,
    namespace: unused,
  } satisfies Shape<api.ResponseCustomToolCall>),
  custom_tool_call_output: z.strictObject({
    type: z.literal("custom_tool_call_output"),
    id: idWith("ctc"),
    call_id: short,
    output: toolOutput,
    caller: unused,
  } satisfies Shape<api.ResponseCustomToolCallOutput>),
  reasoning: z.strictObject({
    type: z.literal("reasoning"),
    id: idWith("rs"),
    summary: z.array(z.strictObject({ type: z.literal("summary_text"), text: z.string() })),
    content: z.array(z.unknown()).max(0).optional(),
    encrypted_content: z.string().nullish(),
    status,
  } satisfies Shape<api.ResponseReasoningItem>),
  compaction: z.strictObject({
    type: z.literal("compaction"),
    id: idWith("cmp"),
    encrypted_content: z.string().min(1),
  } satisfies Shape<api.ResponseCompactionItemParam>),
  compaction_trigger: z.strictObject({
    type: z.literal("compaction_trigger"),
    id: short.nullish(),
  } satisfies Shape<api.ResponseInputItem.CompactionTrigger>),
  additional_tools: z.strictObject({
    type: z.literal("additional_tools"),
    id: short.nullish(),
    role: z.literal("developer"),
    tools: z.array(z.unknown()),
  } satisfies Shape<api.ResponseInputItem.AdditionalTools>),
  configuration_update: z.strictObject({
    type: z.literal("configuration_update"),
    id: short.nullish(),
    reasoning: z.strictObject({ effort }).optional(),
    text: unused,
  } satisfies Shape<api.ResponseConfigurationUpdateItemParam>),
  web_search_call: z.strictObject({
    type: z.literal("web_search_call"),
    id: idWith("ws"),
    action: z.looseObject({ type: z.string() }),
    status: z.string(),
  } satisfies Shape<api.ResponseFunctionWebSearch>),
};

const format = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text") } satisfies Shape<shared.CustomToolInputFormat.Text>),
  z.strictObject({
    type: z.literal("grammar"),
    syntax: z.enum(["lark", "regex"]),
    definition: z.string().min(1),
  } satisfies Shape<shared.CustomToolInputFormat.Grammar>),
]);

const tool = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("function"),
    name,
    description: z.string().nullish(),
    parameters: z.looseObject({ type: z.literal("object") }),
    strict: z.boolean(),
    allowed_callers: unused,
    async: unused,
    defer_loading: unused,
    output_schema: unused,
  } satisfies Shape<api.FunctionTool>),
  z.strictObject({
    type: z.literal("custom"),
    name,
    description: z.string().optional(),
    format: format.optional(),
    allowed_callers: unused,
    async: unused,
    defer_loading: unused,
  } satisfies Shape<api.CustomTool>),
  z.strictObject({
    type: z.enum(["web_search", "web_search_2025_08_26"]),
    external_web_access: z.boolean().optional(),
    filters: unused,
    search_context_size: z.enum(["low", "medium", "high"]).optional(),
    user_location: unused,
  } satisfies Shape<api.WebSearchTool>),
]);

const request = z.strictObject({
  model: z.string().min(1),
  instructions: z.string().nullish(),
  input: z.array(z.unknown()),
  tools: z.array(tool).optional(),
  tool_choice: z.enum(["none", "auto", "required"]).optional(),
  parallel_tool_calls: z.boolean().nullish(),
  stream: z.literal(true),
  store: z.boolean().nullish(),
  include: z.array(z.enum(["reasoning.encrypted_content", "web_search_call.action.sources"])).nullish(),
  prompt_cache_key: short,
  previous_response_id: z.string().nullish(),
  max_output_tokens: z.int().min(16).nullish(),
  reasoning: z
    .strictObject({
      effort: effort.nullish(),
      summary: z.enum(["auto", "concise", "detailed"]).nullish(),
      context: z.enum(["auto", "current_turn", "all_turns"]).nullish(),
      generate_summary: unused,
      mode: unused,
    } satisfies Shape<shared.Reasoning>)
    .nullish(),
  text: z
    .strictObject({
      verbosity: z.enum(["low", "medium", "high"]).nullish(),
      format: z.looseObject({ type: z.enum(["text", "json_schema", "json_object"]) }).optional(),
    } satisfies Shape<api.ResponseTextConfig>)
    .optional(),
  service_tier: z.enum(["auto", "default", "flex", "scale", "priority", "fast", "ultrafast"]).nullish(),
  stream_options: z
    .strictObject({
      include_obfuscation: z.boolean().optional(),
    } satisfies Shape<api.ResponseCreateParams.StreamOptions>)
    .nullish(),
  access_programs: unused,
  background: unused,
  context_management: unused,
  conversation: unused,
  image: unused,
  max_tool_calls: unused,
  metadata: unused,
  moderation: unused,
  prompt: unused,
  prompt_cache_options: unused,
  prompt_cache_retention: unused,
  safety_identifier: unused,
  temperature: unused,
  top_logprobs: unused,
  top_p: unused,
  truncation: unused,
  user: unused,
} satisfies Shape<api.ResponseCreateParamsStreaming>);

/** The first thing wrong with the shape of a request body; undefined when all is well. */
export function shapeError(body: unknown): ApiError | undefined {
  const top = firstError(request, body, "");
  if (top) return top;
  const { input } = body as { input: unknown[] };
  for (const [index, item] of input.entries()) {
    const error = itemError(item, `input[${index}]`);
    if (error) return error;
  }
  return undefined;
}

function itemError(item: unknown, path: string): ApiError | undefined {
  const { type, role } = (item ?? {}) as { type?: unknown; role?: unknown };
  if (type === "message" || type === undefined) {
    return firstError(role === "assistant" ? outputMessage : inputMessage, item, path);
  }
  const shape = itemShapes[String(type)];
  if (!shape)
    return invalid(
      `Invalid value: '${type}'. Supported values are: ${quoted(Object.keys(itemShapes))}.`,
      `${path}.type`,
    );
  const error = firstError(shape, item, path);
  if (error || type !== "additional_tools") return error;
  return firstError(z.array(tool), (item as { tools: unknown }).tools, `${path}.tools`);
}

/** Text, or what a list of parts must be; told apart first, so that an error names the part. */
function textOr(parts: z.ZodType): z.ZodType {
  return z.unknown().superRefine((value, context) => {
    if (typeof value === "string") return;
    const result = parts.safeParse(value, { reportInput: true });
    for (const issue of result.error?.issues ?? []) context.addIssue({ ...issue } as never);
  });
}

function firstError(schema: z.ZodType, value: unknown, at: string): ApiError | undefined {
  const result = schema.safeParse(value, { reportInput: true });
  const issue = result.error?.issues[0];
  return issue && describe(issue, pathText(at, issue.path));
}

function describe(issue: z.core.$ZodIssue, path: string): ApiError {
  switch (issue.code) {
    case "unrecognized_keys": {
      const key = path ? `${path}.${issue.keys[0]}` : `${issue.keys[0]}`;
      return invalid(`Unknown parameter: '${key}'.`, key, "unknown_parameter");
    }
    case "invalid_type":
      return issue.input === undefined
        ? invalid(`Missing required parameter: '${path}'.`, path, "missing_required_parameter")
        : invalid(
            `Invalid type for '${path}': expected ${issue.expected}, but got something else instead.`,
            path,
            "invalid_type",
          );
    case "invalid_value":
      return issue.input === undefined
        ? invalid(`Missing required parameter: '${path}'.`, path, "missing_required_parameter")
        : invalid(
            `Invalid value: '${issue.input}'. Supported values are: ${quoted(issue.values)}.`,
            path,
            "invalid_value",
          );
    case "invalid_union":
      return invalid(`Invalid value: '${path}' is not one of the supported types.`, path, "invalid_value");
    case "invalid_format":
      return issue.format === "starts_with"
        ? invalid(`Invalid '${path}': '${issue.input}'. Expected an ID with another beginning.`, path, "invalid_value")
        : invalid(`Invalid '${path}': string does not match pattern ${issue.pattern}.`, path, "invalid_value");
    default:
      return invalid(`Invalid '${path}': ${issue.message}.`, path, issue.code);
  }
}

/** An API error of the kind that a wrong request gets. */
export function invalid(message: string, param: string | null = null, code: string | null = null): ApiError {
  return { message, type: "invalid_request_error", param, code };
}

function pathText(at: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text ? `${text}.${String(part)}` : String(part);
  }, at);
}

function quoted(values: readonly unknown[]): string {
  return values.map((value) => `'${value}'`).join(", ");
}
