import type { Terminal } from "./terminals.ts";

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
