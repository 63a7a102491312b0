import { networkOf, writableRootsOf } from "../core/policy/confinement.ts";
import { allowsHost } from "../core/policy/hosts.ts";
import { absoluteFolder, type Paths } from "../core/policy/paths.ts";
import { isProtected, protectedNamePatterns } from "../core/policy/protectedPaths.ts";
import { type HeldRules, judgeHostByRules } from "../core/policy/rules.ts";
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
  readonly temporary: string;
  /** Undefined where users share none. */
  readonly sharedTemporary: string | undefined;
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
  const policy = policyFor(args, settings, place);
  const network = networkOf(policy);
  const { cwd, addedFolders, temporary, sharedTemporary } = place;
  return {
    writableRoots: writableRootsOf({
      sandboxPolicy: policy,
      workspaceRoots: [cwd, ...addedFolders],
      folders: { temporary, sharedTemporary },
    }),
    readableRoots: [],
    isProtected,
    protectedNames: protectedNamePatterns,
    network: network === "asks" ? { allows: (target) => isReached(target, policy, place) } : network,
  };
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

async function isReached(target: NetworkTarget, policy: SandboxPolicy, { cwd, paths, rules, say }: SandboxPlace) {
  const verdict = judgeHostByRules(await rules(), target, { paths, threadCwd: cwd });
  const listed = policy.type === "workspaceWrite" ? (policy.allowedHosts ?? []) : [];
  const reached = verdict === "allow" || (verdict === "none" && listed.some((pattern) => allowsHost(pattern, target)));
  const host = withPort(target.host, target.port);
  if (!reached)
    say(`${host} was not reached: neither allowed_hosts in config.toml nor a rule allows it, or a rule denies it.`);
  return reached;
}
