import { spawnSync } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { main, ScriptError } from "./scriptError.ts";

const repository = path.resolve(import.meta.dirname, "..");
const maxMegabytes = 8;

/** Builds the extension and makes one universal .vsix of it in the repository's root; fails when it is too large. */
async function makePackage(): Promise<void> {
  run("npm", ["run", "--silent", "build"]);
  const { name, version } = JSON.parse(await readFile(path.join(repository, "package.json"), "utf8"));
  const file = path.join(repository, `${name}-${version}.vsix`);
  const flags = ["--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links"];
  run(path.join("node_modules", ".bin", "vsce"), ["package", ...flags, "--out", file]);
  const { size } = await stat(file);
  const megabytes = size / 1024 / 1024;
  if (megabytes > maxMegabytes) {
    throw new ScriptError(`${file} has ${megabytes.toFixed(1)} MB, more than its ${maxMegabytes} MB.`);
  }
  console.log(`${path.basename(file)}  ${Math.ceil(size / 1024)} KB`);
}

/** Standard input is closed: with an open one the packager asks about what it finds odd, and waits. */
function run(program: string, args: readonly string[]): void {
  const stdio = ["ignore", "inherit", "inherit"] as const;
  const { status } = spawnSync(program, [...args], {
    cwd: repository,
    stdio: [...stdio],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new ScriptError(`"${path.basename(program)} ${args.join(" ")}" failed; see above.`);
}

await main(makePackage);
