import type { NewRule, Rule } from "../../protocol/rules.ts";

/** What the user settled for good, as the agent asks for it. */
export interface UserRules {
  /** Never rejects: what cannot be read is no rule. */
  list(): Promise<readonly Rule[]>;
  /** Rejects in words for the user. */
  write(rule: NewRule): Promise<Rule>;
}
