import { isTrusted } from "./policy/isTrusted.ts";
import { absoluteFolder } from "./policy/paths.ts";
import type { Permissions } from "./policy/permissions.ts";
import type { JournalledSettings } from "./store/records.ts";
import type { ThreadDeps } from "./threadDeps.ts";
import { OUTPUT_FOLDER } from "./tools/outputLog.ts";

/** What the user allows in a thread that works in this folder, as settings, trust and sandbox are now. */
export function permissionsIn(
  cwd: string,
  { approvalPolicy, sandboxPolicy, editReview }: JournalledSettings,
  { host, paths, settings }: Pick<ThreadDeps, "host" | "paths" | "settings">,
): Permissions {
  const workspaceRoots = host.editor.workspaceRoots(cwd);
  const { temporary, os } = host.platform;
  const outputs = paths.join(host.storage.root, OUTPUT_FOLDER);
  const granted = sandboxPolicy.type === "workspaceWrite" ? (sandboxPolicy.writableRoots ?? []) : [];
  const writableRoots = granted.flatMap((folder) => absoluteFolder(folder, host.platform.home, paths) ?? []);
  const isOpen = workspaceRoots.some((root) => paths.isInside(root, cwd));
  return {
    approvalPolicy,
    sandboxPolicy: sandboxPolicy.type === "workspaceWrite" ? { ...sandboxPolicy, writableRoots } : sandboxPolicy,
    editReview,
    trusted: isOpen && isTrusted(settings(), cwd, paths),
    trustIsIn: settings().trustIsIn,
    workspaceRoots,
    readableRoots: [temporary, outputs, ...writableRoots],
    sandbox: host.sandbox.state,
    folders: {
      temporary,
      sharedTemporary: os === "windows" ? undefined : "/tmp",
      outputs,
      store: host.storage.root,
    },
  };
}
