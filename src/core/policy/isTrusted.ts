import type { TrustSettings } from "../settings.ts";
import type { Paths } from "./paths.ts";

/**
 * Whether a thread in the folder may do more than look. What the settings say of a folder holds for those in it, too, by whatever links
 * the one or the other is named. Of two names of one folder that say different things, the one that does not trust it counts.
 */
export function isTrusted(settings: TrustSettings, folder: string, paths: Paths): boolean {
  const { trusted, projects = {}, realFolder = (given) => given } = settings;
  const real = realFolder(folder);
  const around = Object.entries(projects)
    .map(([project, level]) => ({ at: realFolder(paths.resolve(project, ".")), level }))
    .filter(({ at }) => paths.isInside(at, real));
  const innermost = Math.max(...around.map(({ at }) => at.length));
  return trusted && !around.some(({ at, level }) => at.length === innermost && level === "untrusted");
}
