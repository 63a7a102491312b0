import { spawnSync } from "node:child_process";
import path from "node:path";
import { ScriptError } from "./scriptError.ts";

/** code-server refuses every other major version. */
const requiredMajor = 24;

/** A Node that can run code-server: the running one, else the one that `npm ci` brought, so that no second one is downloaded. */
export function findNode24(repository: string): string {
  if (majorOf(process.version) === requiredMajor) return process.execPath;
  const name = process.platform === "win32" ? "node.exe" : "node";
  const installed = path.join(repository, "node_modules", "node", "bin", name);
  const answer = spawnSync(installed, ["--version"], { encoding: "utf8" });
  if (answer.status === 0 && majorOf(answer.stdout) === requiredMajor) return installed;
  throw new ScriptError(
    `The workbench needs Node ${requiredMajor}, and this is ${process.version}. Run "npm ci" in ${repository}, which brings it, or start this with Node ${requiredMajor}.`,
  );
}

function majorOf(version: string): number {
  return Number(/^v?(\d+)\./.exec(version.trim())?.[1]);
}
