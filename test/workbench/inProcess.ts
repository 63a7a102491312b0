import { readFile } from "node:fs/promises";
import path from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { build } from "esbuild";
import { type CheckResult, resultsVariable } from "./insideHost.ts";
import { startWorkbench, type WorkbenchOptions } from "./workbench.ts";

const modules = path.resolve(import.meta.dirname, "../../node_modules");
const suiteTimeoutMs = 600_000;

export interface InProcessOptions extends WorkbenchOptions {
  /** A module that exports `checks: readonly Check[]`, an absolute path. It may import `vscode`. */
  readonly entry: string;
}

/**
 * Runs a module's checks inside the extension host of a real workbench, beside the extension, and reports each as a subtest by its
 * own name. Fails when the host ended early or when there was no check at all.
 */
export async function runInProcess(t: TestContext, options: InProcessOptions): Promise<void> {
  const workbench = await startWorkbench(t, options);
  const results = path.join(workbench.root, "results.jsonl");
  const bundle = path.join(workbench.root, "checks.cjs");
  await bundleChecks(options.entry, bundle);
  const log: string[] = [];
  const ended = Promise.withResolvers<number>();
  await workbench.page.exposeFunction("codeAutomationExit", (code: number) => ended.resolve(code));
  await workbench.page.exposeFunction("codeAutomationLog", (type: string, args: unknown[]) =>
    log.push(`${type}: ${args.join(" ")}`),
  );
  const remote = (file: string) => `vscode-remote://${new URL(workbench.server.origin).host}${file}`;
  const payload = [
    ["extensionDevelopmentPath", remote(workbench.extension)],
    ["extensionTestsPath", remote(bundle)],
    ["extensionEnvironment", JSON.stringify({ [resultsVariable]: results })],
  ];
  await workbench.open({ payload: JSON.stringify(payload) });
  const code = await Promise.race([ended.promise, delay(suiteTimeoutMs, undefined, { ref: false })]);
  await report(t, await readResults(results));
  if (code !== 0)
    throw new Error(`The extension host ended the checks with ${code ?? "no answer"}:\n${log.join("\n")}`);
}

/** One file that the extension host can require, with everything in it but `vscode`. */
async function bundleChecks(entry: string, outfile: string): Promise<void> {
  const insideHost = path.join(import.meta.dirname, "insideHost.ts");
  await build({
    stdin: {
      contents: [
        `import { runChecks } from ${JSON.stringify(insideHost)};`,
        `import { checks } from ${JSON.stringify(entry)};`,
        "export const run = () => runChecks(checks);",
      ].join("\n"),
      resolveDir: path.dirname(entry),
    },
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    external: ["vscode"],
    alias: { "web-tree-sitter": path.join(modules, "web-tree-sitter/web-tree-sitter.cjs") },
    define: { "import.meta.dirname": JSON.stringify(modules) },
    sourcemap: "inline",
    logLevel: "silent",
  });
}

async function readResults(file: string): Promise<readonly CheckResult[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as CheckResult);
}

async function report(t: TestContext, results: readonly CheckResult[]): Promise<void> {
  for (const { name, error } of results) {
    await t.test(name, () => {
      if (error !== undefined) throw new Error(error);
    });
  }
  if (results.length === 0) throw new Error("Not one check was run in the extension host.");
}
