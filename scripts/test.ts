import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Counts } from "./countReporter.ts";
import { installWorkbench } from "./installWorkbench.ts";
import { main, ScriptError } from "./scriptError.ts";
import { requireSystemPackages } from "./systemPackages.ts";

/** One thing after another; what `prepares` the stages after it ends the tests when it fails. */
interface Stage {
  readonly name: string;
  readonly prepares: boolean;
  run(): Promise<Counts>;
}

const repository = path.resolve(import.meta.dirname, "..");
const testTimeoutMs = 600_000;

const stages: readonly Stage[] = [
  { name: "types", prepares: false, run: () => succeeds(() => npmScript("types")) },
  { name: "lint", prepares: false, run: () => succeeds(() => npmScript("lint")) },
  {
    name: "unit tests",
    prepares: false,
    run: () => nodeTests("test/**/*.test.ts", ["--test-isolation=none", "--test-reporter=dot"]),
  },
  { name: "system packages", prepares: true, run: () => succeeds(requireSystemPackages) },
  {
    name: "long tests",
    prepares: false,
    run: () => nodeTests("test/**/*.long.ts", ["--test-reporter=spec", "--test-concurrency=2"]),
  },
  { name: "build", prepares: true, run: () => succeeds(() => npmScript("build")) },
  {
    name: "the panel in Chromium",
    prepares: false,
    run: () => nodeTests("test/**/*.ui.ts", ["--test-reporter=spec", "--test-concurrency=1"]),
  },
  { name: "workbench", prepares: true, run: () => succeeds(installWorkbench) },
  {
    name: "tests in the workbench",
    prepares: false,
    run: () => nodeTests("test/**/*.e2e.ts", ["--test-reporter=spec", "--test-concurrency=2"]),
  },
];

/** Runs every stage. The very last line of the output is "N passed, N failed"; the exit code says whether any failed. */
async function testAll(): Promise<void> {
  await rm(path.join(repository, "test-results"), { recursive: true, force: true });
  let passed = 0;
  let failed = 0;
  for (const stage of stages) {
    const started = Date.now();
    console.log(`\n== ${stage.name}`);
    const counts = await stage.run();
    passed += counts.passed;
    failed += counts.failed;
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`-- ${stage.name}: ${counts.passed} passed, ${counts.failed} failed, ${seconds} s`);
    if (stage.prepares && counts.failed > 0) break;
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/** Counts as one test. */
async function succeeds(action: () => Promise<unknown>): Promise<Counts> {
  try {
    await action();
    return { passed: 1, failed: 0 };
  } catch (error) {
    console.log(error instanceof ScriptError ? error.message : error);
    return { passed: 0, failed: 1 };
  }
}

async function npmScript(name: string): Promise<void> {
  const { status } = spawnSync("npm", ["run", "--silent", name], { ...inherit, shell: process.platform === "win32" });
  if (status !== 0) throw new ScriptError(`"npm run ${name}" failed; see above.`);
}

const inherit = { cwd: repository, stdio: "inherit" } as const;

/** The counts are those of node:test itself. A process that ends without them, or that fails where no test did, counts as a failure. */
async function nodeTests(pattern: string, flags: readonly string[]): Promise<Counts> {
  const folder = await mkdtemp(path.join(tmpdir(), "patchwright-counts-"));
  const file = path.join(folder, "counts.json");
  const reporter = path.join(import.meta.dirname, "countReporter.ts");
  const args = ["--test", `--test-timeout=${testTimeoutMs}`, ...flags, "--test-reporter-destination=stdout"];
  const counting = [`--test-reporter=${reporter}`, `--test-reporter-destination=${file}`];
  const { status } = spawnSync(process.execPath, [...args, ...counting, pattern], inherit);
  const text = await readFile(file, "utf8").catch(() => "");
  await rm(folder, { recursive: true, force: true });
  if (text === "") return { passed: 0, failed: 1 };
  const counts = JSON.parse(text) as Counts;
  return { passed: counts.passed, failed: status === 0 ? counts.failed : Math.max(counts.failed, 1) };
}

await main(testAll);
