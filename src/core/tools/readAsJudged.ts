import type { FileContent } from "../../host/files.ts";
import { AgentError } from "../../protocol/errors.ts";
import type { Allowance, CallContext } from "./tool.ts";

/**
 * The file, if it lay where its path led when the call was judged: a command that runs meanwhile may let a link lead elsewhere. Rejects as
 * `FileSystem.read` does, and with `permissionDenied` for another place.
 */
export async function readAsJudged(
  path: string,
  allowance: Allowance | undefined,
  { host, signal }: Pick<CallContext, "host" | "signal">,
): Promise<FileContent> {
  const content = await host.files.read(path, signal);
  const judged = landingOf(path, allowance);
  if (content.unsaved || judged === undefined || content.realPath === judged) return content;
  throw new AgentError("permissionDenied", `${path} leads elsewhere than a moment ago, so it was not read. Try again.`);
}

/** Where the path led when the call was judged, all links followed. */
export function landingOf(path: string, allowance: Allowance | undefined): string | undefined {
  return allowance?.landings?.get(path)?.realPath;
}
