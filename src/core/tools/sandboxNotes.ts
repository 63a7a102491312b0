import type { ItemOf } from "../../protocol/items.ts";
import { headOf } from "./bytes.ts";
import type { Terminal } from "./terminals.ts";
import type { CallContext } from "./tool.ts";

/** What programs say when the sandbox keeps them from files or from what is special. */
const NOT_ALLOWED =
  /read-only file system|operation not permitted|permission denied|no such device or address|address family not supported|\b(EROFS|EPERM|EACCES|EAFNOSUPPORT)\b/i;
/** When they have no network, or their own alone. */
const NOT_REACHED =
  /network is unreachable|could not resolve|temporary failure in name resolution|name or service not known|connection refused|\b(EAI_AGAIN|ENOTFOUND|ENETUNREACH|ECONNREFUSED)\b/i;

/** For the model: hosts that were not reached, or what of the output may come from the sandbox. A failing test says the same for reasons of its own. */
export function blockedNote({ exit, advice, shown, rights, refusals }: Terminal): string[] {
  const refused = refusals();
  if (refused.length > 0)
    return [
      `Not reached, since it is not allowed: ${refused.join("; ")}. Do not try to reach the same in another way.`,
    ];
  if (advice === undefined || exit?.code === 0) return [];
  const text = shown.toText(() => "\n");
  const [found] = NOT_ALLOWED.exec(text) ?? (rights.network === "on" ? null : NOT_REACHED.exec(text)) ?? [];
  return found === undefined
    ? []
    : [`It says "${found}", which the sandbox may cause, and the program itself as well. ${advice}`];
}

export function quarantinedIn({ exit }: Terminal): Pick<ItemOf<"commandExecution">, "quarantined"> {
  const { quarantined = [] } = exit ?? {};
  return quarantined.length > 0 ? { quarantined: quarantined.map(({ path, movedTo }) => ({ path, movedTo })) } : {};
}

export function quarantineNote({ quarantined = [] }: NonNullable<Terminal["exit"]>): string[] {
  if (quarantined.length === 0) return [];
  const moved = quarantined.map(({ path, movedTo }) => `${path} (now ${movedTo})`).join(", ");
  return [
    `Moved away by the sandbox, since programs or agents would obey what is there: ${moved}. The user was told. Where the task needs such a file, make it with apply_patch.`,
  ];
}

export function warnOfQuarantined({ exit, title }: Terminal, { warn }: CallContext): void {
  const { quarantined = [] } = exit ?? {};
  if (quarantined.length === 0) return;
  const moved = quarantined.map(({ path, movedTo }) => `${path} is now ${movedTo}`).join("; ");
  warn(
    `A command left files where programs or agents would obey them, so they were moved away: ${moved}. The command: ${headOf(title, 200)}`,
  );
}

/** Once a thread for each folder. */
export function warnOfUnguarded({ rights }: Terminal, { host, terminals, warn }: CallContext): void {
  for (const folder of host.sandbox.unguardedIn(rights.writableRoots).filter((one) => terminals.isFirst(one)))
    warn(
      `${folder} has more folders than are looked at before each command, so what lies deep in it is not guarded: a command in the sandbox could change files there that programs or agents obey, such as hooks of git or AGENTS.md, and nothing would move them away. Open a smaller folder, or look at what commands change there.`,
    );
}
