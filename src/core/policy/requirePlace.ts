import { AgentError } from "../../protocol/errors.ts";
import type { TrustPlace, TrustSettings } from "../settings.ts";
import { locatePaths, type PathPlace, type PathSurroundings } from "./classifyPath.ts";
import { isTrusted } from "./isTrusted.ts";
import type { Paths } from "./paths.ts";

type Disk = Omit<PathSurroundings, "roots">;

/**
 * Rejects with `permissionDenied` when a link leads the path out of the folders that it seems to be in, or, when it is in none of them, out of
 * its own: what is written there without asking would land elsewhere.
 */
export async function requireNoWayOut(path: string, roots: readonly string[], disk: Disk): Promise<PathPlace> {
  const { paths } = disk;
  const around = roots.some((root) => paths.isInside(root, path));
  const place = await placeIn(path, around ? roots : [paths.parent(path)], disk);
  if (place.place === "outside") throw leadsAway(place);
  return place;
}

/** Rejects with `permissionDenied` when the path, which is in the folder, is a link there or leads through one. */
export async function requireNoLink(path: string, root: string, disk: Disk): Promise<PathPlace> {
  const place = await placeIn(path, [root], disk);
  if (place.throughLink) throw leadsAway(place);
  return place;
}

/** Rejects with `permissionDenied` what lies in a folder that the user does not trust, whoever wants it written. */
export function requireTrusted(place: PathPlace, settings: TrustSettings, paths: Paths): PathPlace {
  const folders = [place.realPath, place.entryPath].map((end) => paths.parent(end));
  if (folders.every((folder) => isTrusted(settings, folder, paths))) return place;
  throw new AgentError("permissionDenied", untrusted[settings.trustIsIn ?? "editor"](place.path));
}

const untrusted: Record<TrustPlace, (path: string) => string> = {
  editor: () =>
    'This workspace is in Restricted Mode, so Patchwright may not change files. Trust the workspace with the command "Workspaces: Manage Workspace Trust".',
  "config.toml": (path) =>
    `Restricted Mode: config.toml calls the folder of ${path} untrusted, so Patchwright may not change it. With trust_level = "trusted" there, it may.`,
};

async function placeIn(path: string, roots: readonly string[], disk: Disk): Promise<PathPlace> {
  const [place] = await locatePaths([path], { ...disk, roots });
  return place as PathPlace;
}

function leadsAway({ path, realPath, known }: PathPlace): AgentError {
  const where = known ? `to ${realPath}` : "where nothing is";
  return new AgentError(
    "permissionDenied",
    `${path} leads ${where} by a link, so it was left alone. Change that file by hand, or put a file of its own in the place of the link.`,
  );
}
