import type { ApprovalAnswer } from "../../src/protocol/approvals.ts";
import type { PendingApproval } from "../../src/protocol/threadView.ts";

/** What the user decides, whatever the question is about. */
export type Choice =
  | { readonly kind: "allow"; readonly scope: "once" | "session" }
  | { readonly kind: "deny"; readonly feedback?: string | undefined }
  | { readonly kind: "stop" };

/** The user's choice as the question's method has it answered. */
export function answerTo({ method, params }: PendingApproval, choice: Choice): ApprovalAnswer {
  const feedback = choice.kind === "deny" && choice.feedback !== undefined ? { feedback: choice.feedback } : {};
  const isForSession = choice.kind === "allow" && choice.scope === "session";
  switch (method) {
    case "item/permissions/requestApproval":
      if (choice.kind === "allow") return { permissions: params.permissions, scope: isForSession ? "session" : "turn" };
      return { permissions: {}, ...(choice.kind === "stop" ? { cancel: true } : feedback) };
    case "mcpServer/elicitation/request":
      if (choice.kind !== "allow") return { action: choice.kind === "stop" ? "cancel" : "decline", ...feedback };
      return { action: "accept", content: {}, ...(isForSession ? { _meta: { persist: "session" } } : {}) };
    case "item/commandExecution/requestApproval":
    case "item/fileChange/requestApproval":
      if (choice.kind === "allow") return { decision: isForSession ? "acceptForSession" : "accept" };
      return { decision: choice.kind === "stop" ? "cancel" : "decline", ...feedback };
  }
}
