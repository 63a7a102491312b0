import * as z from "zod";
import type { CallContext, PreparedCall, Tool } from "./tool.ts";
import { parametersOf, parseArguments } from "./toolArguments.ts";

const schema = z.object({
  explanation: z.string().optional().describe("Why the plan changed, in one sentence."),
  plan: z
    .array(z.object({ step: z.string().min(1), status: z.enum(["pending", "in_progress", "completed"]) }))
    .min(1)
    .describe("All steps in order, at most one of them in progress."),
});

/** Shows the user the steps of the work. It has no item of its own: the turn has one plan, and this replaces it. */
export const updatePlan: Tool = {
  name: "update_plan",
  spec: () => ({
    type: "function",
    name: "update_plan",
    description:
      "Shows or updates the plan that the user sees: short steps, each with its state. Send the whole plan each time.",
    parameters: parametersOf(schema),
    strict: false,
  }),
  async prepare(input: string, context: CallContext): Promise<PreparedCall> {
    const { explanation, plan } = parseArguments("update_plan", schema, input);
    return {
      effect: { kind: "none" },
      async run() {
        const steps = plan.map(
          ({ step, status }) => ({ step, status: status === "in_progress" ? "inProgress" : status }) as const,
        );
        context.onPlan(explanation, steps);
        return { output: "Plan updated." };
      },
    };
  },
};
