import type { SandboxPolicy } from "../../protocol/settings.ts";
import { networkOf } from "./confinement.ts";
import { allowsHost, type HostPlace } from "./hosts.ts";
import { type HeldRules, judgeHostByRules, type RulePlace } from "./rules.ts";

export interface HostSurroundings {
  readonly rules: HeldRules;
  readonly place: RulePlace;
  readonly sandboxPolicy: SandboxPolicy;
}

/**
 * What is known of a connection without asking anybody: the rules first, then the settings. "unknown": a rule that cannot be read may deny it; "none":
 * nothing is.
 */
export function settledHost(
  target: HostPlace,
  { rules, place, sandboxPolicy }: HostSurroundings,
): "allow" | "deny" | "unknown" | "none" {
  const rule = judgeHostByRules(rules, target, place);
  if (rule === "deny") return "deny";
  const network = networkOf(sandboxPolicy);
  if (network !== "asks") return network === "on" ? "allow" : "deny";
  if (rule !== "none") return rule;
  const listed = sandboxPolicy.type === "workspaceWrite" ? (sandboxPolicy.allowedHosts ?? []) : [];
  return listed.some((pattern) => allowsHost(pattern, target)) ? "allow" : "none";
}
