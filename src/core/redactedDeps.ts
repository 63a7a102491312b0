import { redactedModel } from "./model/redactedModel.ts";
import { redactedHost } from "./policy/redactedHost.ts";
import type { AgentDeps } from "./threadDeps.ts";

/** What an agent is made with, so that no secret comes in by what others say, and none goes out by faults. */
export function redactedDeps(deps: AgentDeps): AgentDeps {
  const { host, model, secrets, log } = deps;
  return {
    ...deps,
    host: redactedHost(host, secrets),
    model: redactedModel(model, secrets),
    log: (fault) => log(secrets.fault(fault)),
  };
}
