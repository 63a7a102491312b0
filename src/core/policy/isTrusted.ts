import type { AgentSettings } from "../settings.ts";
import type { Paths } from "./paths.ts";

/** Whether a thread in the folder may do more than look. What the settings say of a folder holds for those in it, too. */
export function isTrusted({ trusted, projects = {} }: AgentSettings, folder: string, paths: Paths): boolean {
  const around = Object.entries(projects).filter(([project]) => paths.isInside(paths.resolve(project, "."), folder));
  const [innermost] = around.sort(([one], [other]) => other.length - one.length);
  return trusted && innermost?.[1] !== "untrusted";
}
