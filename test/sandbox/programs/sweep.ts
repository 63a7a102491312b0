import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { isProtected } from "../../../src/core/policy/protectedPaths.ts";
import { createGuard } from "../../../src/host/node/sandbox/guard.ts";

/** Runs a shell script in a guarded folder, and prints what of it was moved away, and what was warned of. */
const [, , script = ""] = process.argv;
const folder = mkdtempSync(join(tmpdir(), "sweep-"));
const root = join(folder, "root");
const warnings: string[] = [];
mkdirSync(root);
const guard = createGuard({ folder: join(folder, "store"), onWarning: (message) => warnings.push(message) });
const confinement = { writableRoots: [root], readableRoots: [], isProtected, network: "off" } as const;
const guarded = await guard.watch([root], { writable: [root], confinement });
execFileSync("/bin/sh", ["-c", script], { cwd: root, env: { PATH: process.env.PATH, HOME: folder }, stdio: "ignore" });
const moved = (await guarded.ended()).map(({ path }) => relative(root, path));
execFileSync("chmod", ["-R", "u+rwx", folder]);
rmSync(folder, { recursive: true });
console.log(JSON.stringify({ moved: moved.sort(), warnings }));
