import * as z from "zod";
import { approvalPolicy, editReview, sandboxMode } from "../protocol/settings.ts";

/** The settings as the user wrote them: an empty text means unset, and a value of the wrong kind counts as the default. */
const settingsShape = z.object({
  model: optionalText(),
  effort: optionalText(),
  contextWindow: z
    .int()
    .min(0)
    .transform((tokens) => tokens || undefined)
    .catch(undefined),
  baseUrl: optionalText(),
  developerInstructions: optionalText(),
  baseInstructionsFile: optionalText(),
  projectDocFallbackFilenames: z.array(z.string()).catch([]),
  approvalPolicy: approvalPolicy.catch("on-request"),
  sandboxMode: sandboxMode.catch("workspace-write"),
  "sandbox.writableRoots": z.array(z.string()).catch([]),
  "sandbox.network": z.enum(["off", "asks", "on"]).catch("off"),
  "sandbox.allowedHosts": z.array(z.string()).catch([]),
  "commands.engine": z.enum(["process", "terminal"]).catch("process"),
  "commands.environment": z.array(z.string()).catch([]),
  enterWhileRunning: z.enum(["queue", "steer"]).catch("queue"),
  "review.edits": editReview.catch("after"),
  "review.openDiff": z.boolean().catch(true),
  "review.overlay": z.boolean().catch(true),
  "codeActions.enabled": z.boolean().catch(true),
  streamIdleTimeoutMs: z.int().min(1000).catch(300_000),
  maxRetries: z.int().min(0).max(20).catch(5),
  "trace.wire": z.boolean().catch(false),
});
export type Settings = z.infer<typeof settingsShape>;

function optionalText() {
  return z
    .string()
    .transform((text) => text.trim() || undefined)
    .optional()
    .catch(undefined);
}

/** What `get` knows of the settings, by names without their section. */
export function parseSettings(get: (name: string) => unknown): Settings {
  const names = Object.keys(settingsShape.shape);
  return settingsShape.parse(Object.fromEntries(names.map((name) => [name, get(name)])));
}
