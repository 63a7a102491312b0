import type { Agent } from "../core/agent.ts";
import type { Handlers } from "./handler.ts";

type RuleMethod = Extract<keyof Handlers, `rule/${string}`>;

/** What the user settled for good. */
export function ruleHandlers({ rules }: Agent): Pick<Handlers, RuleMethod> {
  return {
    "rule/list": async () => ({ data: [...(await rules.list())] }),
    "rule/write": async ({ id, rule }) => ({ rule: await rules.write(rule, id ?? undefined) }),
    "rule/delete": async ({ id }) => ({ deleted: await rules.delete(id) }),
  };
}
