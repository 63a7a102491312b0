import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { formatProcess, ownProcess } from "../../../../src/host/node/processName.ts";
import { createCaches } from "../../../../src/host/node/sandbox/caches.ts";
import { until } from "../../expect.ts";
import { withFolder } from "../../nodeFixture.ts";

interface Case {
  /** Writable folders; the one for temporary files unless given. */
  readonly writable?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const ALL = ["GOCACHE", "PIP_CACHE_DIR", "UV_CACHE_DIR", "YARN_CACHE_FOLDER", "npm_config_cache"];

/** Which variables a command gets. */
function check(name: string, { writable = ["tmp"], env = {} }: Case, expected: readonly string[]): void {
  test(name, () =>
    withFolder(async (folder) => {
      const [home, temporary] = [join(folder, "home"), join(folder, "tmp")];
      for (const path of [temporary, join(home, ".npm"), join(home, ".cache/pip")])
        await mkdir(path, { recursive: true });
      const caches = createCaches({ os: "linux", home, temporary });
      const writableRoots = writable.map((path) => join(folder, path));
      const confinement = { writableRoots, readableRoots: [], isProtected: () => false, network: "off" } as const;
      const variables = caches.variablesFor(env, confinement);
      assert.deepEqual(Object.keys(variables).sort(), expected);
      const folders = Object.values(variables).map(dirname);
      for (const one of folders) assert.equal(dirname(one), temporary);
      assert.deepEqual(caches.variablesFor(env, confinement), variables, "the same for the next command");
      await caches.dispose();
      assert.equal(folders.some(existsSync), false);
    }),
  );
}

check("a command that may write temporary files has caches there", {}, ALL);
check("one that may write nothing has none", { writable: [] }, []);
check("nor one for which the user left that folder out", { writable: ["work"] }, []);
check(
  "what the user has set stays, however it is spelled",
  { env: { NPM_CONFIG_CACHE: "/mine", GOCACHE: "/mine" } },
  ALL.filter((name) => !["npm_config_cache", "GOCACHE"].includes(name)),
);
check("so does a cache that the user lets commands write", { writable: ["tmp", "home/.npm", "home/.cache"] }, []);

test("what a host left that was killed is removed by the next one, and nothing else", () =>
  withFolder(async (temporary) => {
    const of = (owner: object) => `patchwright-caches-${formatProcess({ ...ownProcess(), ...owner })}-Ab3dEf`;
    const [dead, living, elsewhere] = [of({ boot: "0" }), of({}), of({ machine: "0" })];
    const others = [living, elsewhere, "patchwright-caches-mine", "else"];
    for (const name of [dead, ...others]) await mkdir(join(temporary, name, "npm"), { recursive: true });
    const caches = createCaches({ os: "linux", home: temporary, temporary });
    const confinement = {
      writableRoots: [temporary],
      readableRoots: [],
      isProtected: () => false,
      network: "off",
    } as const;
    caches.variablesFor({ npm_config_cache: "" }, confinement);
    await until("it is gone", async () => !existsSync(join(temporary, dead)));
    for (const name of others) assert.ok(existsSync(join(temporary, name)), name);
    await caches.dispose();
  }));
