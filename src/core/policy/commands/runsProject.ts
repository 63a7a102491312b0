/** Programs that run what the files of a project say: its scripts, its tests, its build, or code of its packages. */
const PROGRAMS = words(`
  npm pnpm yarn bun npx bunx deno node tsx ts-node nx turbo lerna ng vite vitest next jest mocha ava playwright cypress webpack rollup gulp grunt
  python pypy pip pipx uv uvx poetry hatch tox nox pytest ruff mypy pre-commit ruby rake bundle rspec rails php composer phpunit perl prove
  cargo go dotnet mvn mvnw gradle gradlew sbt mill ant bazel buck2 mix rebar3 stack cabal dune opam zig swift xcodebuild flutter dart lua julia
  make gmake ninja cmake ctest meson just task invoke fastlane ansible-playbook terraform vagrant docker podman`);

/**
 * True when the command runs code that lies in the workspace. A rule that let it out of the sandbox would let out whatever a command in the
 * sandbox, or an edit, puts there later.
 */
export function runsProject([program = ""]: readonly string[]): boolean {
  const isNamedByPlace = program.includes("/");
  const name = program.slice(program.lastIndexOf("/") + 1).replace(/[\d.]+$/, "");
  return isNamedByPlace || PROGRAMS.has(name);
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ""));
}
