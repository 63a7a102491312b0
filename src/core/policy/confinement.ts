import type { Confinement, HostFilter } from "../../host/sandbox.ts";
import type { CommandRights } from "../../protocol/approvals.ts";
import type { SandboxPolicy } from "../../protocol/settings.ts";
import { isConfined, type Permissions } from "./permissions.ts";
import { isProtected, protectedNamePatterns } from "./protectedPaths.ts";
import type { RepositoryGuard } from "./unsettledRepository.ts";

/** What says how confined commands are kept. */
export type ConfiningPermissions = Pick<Permissions, "sandboxPolicy" | "workspaceRoots" | "folders">;

/** Folders in which a confined command may write, but for what is protected. */
export function writableRootsOf({ sandboxPolicy, workspaceRoots, folders }: ConfiningPermissions): string[] {
  if (sandboxPolicy.type !== "workspaceWrite") return [];
  const { writableRoots = [], excludeSlashTmp, excludeTmpdirEnvVar } = sandboxPolicy;
  const { temporary, sharedTemporary } = folders;
  const isShared = temporary === sharedTemporary;
  const shared = sharedTemporary === undefined || excludeSlashTmp ? [] : [sharedTemporary];
  const own = isShared || excludeTmpdirEnvVar ? [] : [temporary];
  return [...new Set([...workspaceRoots, ...writableRoots, ...own, ...shared])];
}

/** Folders in which commands in the sandbox, or edits that nobody was asked about, may have written. */
export function agentFolders(permissions: Permissions): string[] {
  const { temporary, sharedTemporary } = permissions.folders;
  const shared = sharedTemporary === undefined ? [] : [sharedTemporary];
  return [...new Set([...permissions.workspaceRoots, ...writableRootsOf(permissions), temporary, ...shared])];
}

/** Where repositories that commands in the sandbox make can start nothing: on macOS nobody looks after them when such a command ends. */
export function repositoryGuard(permissions: Permissions): RepositoryGuard {
  const { temporary, sharedTemporary } = permissions.folders;
  const writable = agentFolders(permissions);
  const guarded = writable.filter((folder) => folder !== temporary && folder !== sharedTemporary);
  return { writable, guarded, reach: permissions.sandbox.kind === "seatbelt" ? "itself" : "below" };
}

/**
 * Where a command that leaves the sandbox finds no programs by their names: somebody in it may have put them there. Nowhere for one that leaves none,
 * whose equals could have put them anywhere.
 */
export function distrustedPrograms(permissions: Permissions): readonly string[] {
  return isConfined(permissions) ? agentFolders(permissions) : [];
}

/** What of the network a confined command reaches. With "asks", the allowed hosts, and others once the user says so. */
export function networkOf(policy: SandboxPolicy): CommandRights["network"] {
  if (policy.type === "dangerFullAccess" || policy.networkAccess) return "on";
  return policy.type === "workspaceWrite" && policy.allowedHosts !== undefined ? "asks" : "off";
}

/** How a command is kept to what the user allows. `hosts` answers where the network asks. */
export function confinementOf(permissions: ConfiningPermissions, hosts: HostFilter): Confinement {
  const network = networkOf(permissions.sandboxPolicy);
  return {
    writableRoots: writableRootsOf(permissions),
    readableRoots: [permissions.folders.outputs],
    isProtected,
    protectedNames: protectedNamePatterns,
    network: network === "asks" ? hosts : network,
  };
}

/** The same for a command that only looks, which is all that it can do then. */
export function lookingConfinement({ folders }: Permissions): Confinement {
  return { writableRoots: [], readableRoots: [folders.outputs], isProtected, network: "off" };
}

/** The rights of a command that runs; absent for one outside the sandbox. */
export function rightsIn(confinement: Confinement | undefined): CommandRights {
  if (confinement === undefined) return { confined: false, writableRoots: [], network: "on" };
  const { writableRoots, network } = confinement;
  return { confined: true, writableRoots: [...writableRoots], network: typeof network === "string" ? network : "asks" };
}

/**
 * Whether a command in the sandbox that was started with these rights may do what no new one may. Where its network asks, it is answered by what holds
 * now.
 */
export function exceedsRights({ writableRoots, network }: CommandRights, permissions: Permissions): boolean {
  const now = rightsOf(permissions, "confined");
  const isWide = network === "on" && now.network !== "on";
  return isWide || writableRoots.some((root) => !now.writableRoots.includes(root));
}

/** The rights of a command for the user, before it is allowed. */
export function rightsOf(permissions: Permissions, run: "confined" | "unconfined"): CommandRights {
  if (run === "unconfined") return { confined: false, writableRoots: [], network: "on" };
  return {
    confined: true,
    writableRoots: writableRootsOf(permissions),
    network: networkOf(permissions.sandboxPolicy),
  };
}
