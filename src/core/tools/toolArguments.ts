import * as z from "zod";
import { AgentError } from "../../protocol/errors.ts";

/** Parameters as JSON Schema, as the model gets them. */
export function parametersOf(schema: z.ZodType): object {
  const { $schema: _, ...parameters } = z.toJSONSchema(schema, { target: "draft-7", io: "input" });
  return parameters;
}

/** The arguments of a function call. Rejects with `invalid`, naming each field and what is wrong with it. */
export function parseArguments<T extends z.ZodType>(name: string, schema: T, input: string): z.output<T> {
  const parsed = schema.safeParse(parseJson(name, input));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join(".") || "arguments"}: ${issue.message}`);
  throw new AgentError("invalid", `The arguments of ${name} do not fit. ${problems.join("; ")}.`);
}

/** The same for a tool whose schema only its owner knows. */
export function parseObject(name: string, input: string): Record<string, unknown> {
  return parseArguments(name, z.record(z.string(), z.unknown()), input);
}

function parseJson(name: string, input: string): unknown {
  try {
    return JSON.parse(input === "" ? "{}" : input);
  } catch (error) {
    throw new AgentError("invalid", `The arguments of ${name} are not valid JSON: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}
