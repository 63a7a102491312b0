import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

/** An empty home folder for the commands of a workspace, with nothing of the user who runs the tests. Resolves with the folder. */
export async function createHome(folder: string): Promise<string> {
  await mkdir(folder);
  // npm would ask the registry for a newer npm, and say so in the output of the workspace's commands.
  await writeFile(path.join(folder, ".npmrc"), "update-notifier=false\n");
  return folder;
}
