import type { NewRule } from "../../protocol/rules.ts";
import { whyBanned, whyMalformed } from "./commands/bannedPrefix.ts";
import { isHostPattern } from "./hosts.ts";
import type { Paths } from "./paths.ts";

/** Why a rule cannot hold, in a sentence for the user; undefined when it can. What denies may be as wide as the user likes. */
export function whyRefused({ subject, decision, unconfined, workspace }: NewRule, paths: Paths): string | undefined {
  if (workspace !== undefined && paths.resolve(workspace, ".") !== workspace)
    return `The folder of a rule must be absolute, without a "." or ".." in it: ${workspace} is not.`;
  if (unconfined && (decision === "deny" || subject.kind === "host"))
    return "Only a rule that allows commands can be for commands outside the sandbox.";
  if (subject.kind === "command")
    return decision === "deny"
      ? whyMalformed(subject.prefix)
      : whyBanned(subject.prefix, unconfined ? "outside" : "inside");
  if (!isHostPattern(subject.host))
    return `"${subject.host}" is no host. Write a name such as "example.org", "*.example.org" for all names below it, or an address; with a port, such as "example.org:8443", it is for that port alone.`;
  return undefined;
}
