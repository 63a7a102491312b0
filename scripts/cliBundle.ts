import type { BuildOptions } from "esbuild";

/** How the command line is bundled, by the build and by its tests. */
export function cliBundle(version: string): BuildOptions {
  return {
    entryPoints: [{ in: "src/cli/main.ts", out: "cli" }],
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node22",
    loader: { ".md": "text" },
    define: { PATCHWRIGHT_VERSION: JSON.stringify(version) },
  };
}
