import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";

const repository = path.resolve(import.meta.dirname, "..");
const checks = ["types", "lint", "unit"] as const;

/** Runs one npm script; what it printed is shown when it is over, so that scripts side by side do not mix. */
async function check(script: (typeof checks)[number]): Promise<boolean> {
  const child = spawn("npm", ["run", "--silent", script], {
    cwd: repository,
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
  const [printed, complained, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  console.log(`== ${script}: ${code === 0 ? "right" : "wrong"}`);
  if (code !== 0) console.log(printed + complained);
  return code === 0;
}

const passed = await Promise.all(checks.map(check));
process.exitCode = passed.every(Boolean) ? 0 : 1;
