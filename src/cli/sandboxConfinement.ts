import { confinementOf } from "../core/policy/confinement.ts";
import { absoluteFolder, type Paths } from "../core/policy/paths.ts";
import type { PlainFolders } from "../core/policy/permissions.ts";
import type { HeldRules } from "../core/policy/rules.ts";
import { settledHost } from "../core/policy/settledHost.ts";
import { type AgentSettings, sandboxPolicyOf } from "../core/settings.ts";
import type { Confinement, NetworkTarget } from "../host/sandbox.ts";
import { withPort } from "../protocol/hostNames.ts";
import type { SandboxPolicy } from "../protocol/settings.ts";
import type { SandboxArgs } from "./sandboxArgs.ts";

/** Where a command runs that the user confines themselves. Folders are absolute. */
export interface SandboxPlace {
  readonly cwd: string;
  readonly addedFolders: readonly string[];
  readonly home: string;
  readonly folders: PlainFolders;
  readonly paths: Paths;
  rules(): Promise<HeldRules>;
  say(sentence: string): void;
}

/** How such a command is kept to what a command of the agent may do: by the user's settings, but for what the options say. Nobody is asked about a host. */
export function sandboxConfinement(
  args: Pick<SandboxArgs, "mode" | "network">,
  settings: AgentSettings,
  place: SandboxPlace,
): Confinement {
  const sandboxPolicy = policyFor(args, settings, place);
  const workspaceRoots = [place.cwd, ...place.addedFolders];
  const hosts = { allows: (target: NetworkTarget) => isReached(target, sandboxPolicy, place) };
  return confinementOf({ sandboxPolicy, workspaceRoots, folders: place.folders }, hosts);
}

function policyFor(
  { mode, network }: Pick<SandboxArgs, "mode" | "network">,
  settings: AgentSettings,
  { home, paths }: SandboxPlace,
): SandboxPolicy {
  const policy = sandboxPolicyOf(
    mode ?? (settings.sandboxMode === "read-only" ? "read-only" : "workspace-write"),
    settings,
  );
  if (policy.type === "dangerFullAccess") return policy;
  const said = network === undefined ? {} : { networkAccess: network === "on", allowedHosts: undefined };
  if (policy.type === "readOnly") return { ...policy, ...said };
  const writableRoots = (policy.writableRoots ?? []).flatMap((folder) => absoluteFolder(folder, home, paths) ?? []);
  return { ...policy, writableRoots, ...said };
}

async function isReached(target: NetworkTarget, sandboxPolicy: SandboxPolicy, place: SandboxPlace) {
  const { cwd, paths, rules, say } = place;
  const known = settledHost(target, { rules: await rules(), place: { paths, threadCwd: cwd }, sandboxPolicy });
  if (known === "allow") return true;
  const host = withPort(target.host, target.port);
  say(`${host} was not reached: neither allowed_hosts in config.toml nor a rule allows it, or a rule denies it.`);
  return false;
}
