/** Tools that others bring along. */
export interface ToolSource {
  /** Those that are there at this moment. Asked before each request, so it answers from memory, with the same objects for the same tools. */
  list(): readonly HostTool[];
}

export interface HostTool {
  /** Letters, digits, "_" and "-", at most 64 of them, such as "mcp__SERVER__TOOL". A tool with any other name, or one that is taken, is left out. */
  readonly name: string;
  readonly description: string;
  /** A JSON Schema of type "object". */
  readonly parameters: object;
  /** Who brings it, for the user who is asked. Absent for a tool that only looks at what the agent may see anyway: it runs unasked. */
  readonly server?: string | undefined;
  /** Resolves with the output for the model. Rejects with AgentError in words for the model when the arguments do not fit or the tool fails. */
  run(args: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<string>;
}
