import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { KeyFile } from "../../src/cli/keyFile.ts";
import { formatProcess, ownProcess, type ProcessName } from "../../src/host/node/processName.ts";
import type { ErrorCode } from "../../src/protocol/errors.ts";
import { withFolder } from "../host/nodeFixture.ts";

const key = "sk-proj-A1b2C3d4E5f6";
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

interface Place {
  readonly home: string;
  readonly path: string;
  readonly file: KeyFile;
  readonly warnings: string[];
}

function check(name: string, run: (place: Place) => Promise<void>): void {
  test(name, { skip: process.platform === "win32" }, () =>
    withFolder(async (folder) => {
      const home = join(folder, "home");
      const warnings: string[] = [];
      await run({
        home,
        path: join(home, "auth.json"),
        file: new KeyFile(home, (text) => warnings.push(text)),
        warnings,
      });
    }),
  );
}

/** The file, made by hand with this mode in a folder with that one, is refused. */
function checkRefused(
  name: string,
  { folder = 0o700, mode = 0o600, text = JSON.stringify({ OPENAI_API_KEY: key }) },
  [code, message]: [ErrorCode, RegExp],
): void {
  check(name, async ({ home, path, file }) => {
    await mkdir(home);
    await writeFile(path, text);
    await chmod(path, mode);
    await chmod(home, folder);
    await assert.rejects(file.read(), (error: { code: string; message: string }) => {
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.ok(!error.message.includes(key));
      return true;
    });
  });
}

check("keeps a key that only its user may read, whatever the umask", async ({ home, path, file }) => {
  for (const umask of [0o000, 0o777]) {
    const before = process.umask(umask);
    try {
      await file.write(key);
    } finally {
      process.umask(before);
    }
    assert.deepEqual([await modeOf(home), await modeOf(path)], ["700", "600"]);
    assert.equal(await file.read(), key);
  }
  assert.deepEqual(await readdir(home), ["auth.json"]);
});
check("replaces a key", async ({ file }) => {
  await file.write("an-older-key");
  await file.write(key);
  assert.equal(await file.read(), key);
});
check("has no key where there is no folder, and none after it was removed", async ({ file }) => {
  assert.equal(await file.read(), undefined);
  assert.equal(await file.remove(), false);
  await file.write(key);
  assert.equal(await file.remove(), true);
  assert.equal(await file.read(), undefined);
});
check("closes what others could read, and says so", async ({ home, path, file, warnings }) => {
  await file.write(key);
  await chmod(path, 0o644);
  await chmod(home, 0o755);
  assert.equal(await file.read(), key);
  assert.deepEqual([await modeOf(home), await modeOf(path)], ["700", "600"]);
  assert.match(warnings.join("\n"), /chmod 700.*\n.*could be read by other users.*chmod 600.*replace the key/);
});
check("refuses a link, and replaces it without touching what it leads to", async ({ home, path, file }) => {
  const other = join(home, "other");
  await mkdir(home, { mode: 0o700 });
  await writeFile(other, JSON.stringify({ OPENAI_API_KEY: "somebody-elses" }));
  await symlink(other, path);
  await assert.rejects(file.read(), /auth\.json is not used: it is a link/);
  await file.write(key);
  assert.equal((await lstat(path)).isFile(), true);
  assert.match(await readFile(other, "utf8"), /somebody-elses/);
});
/** What a process left in the folder that was killed while it wrote a key, and what of it is there once the file was used. */
function checkLeftover(
  name: string,
  writer: () => ProcessName,
  use: (file: KeyFile) => Promise<unknown>,
  { age = 0, left }: { age?: number; left: "gone" | "there" },
): void {
  check(name, async ({ home, file }) => {
    await mkdir(home, { mode: 0o700 });
    const leftover = `.auth.json~${formatProcess(writer())}~1`;
    await writeFile(join(home, leftover), JSON.stringify({ OPENAI_API_KEY: key }), { mode: 0o600 });
    const written = Date.now() / 1000 - age;
    await utimes(join(home, leftover), written, written);
    await use(file);
    assert.equal((await readdir(home)).includes(leftover), left === "there");
  });
}
const ended = () => ({ ...ownProcess(), pid: spawnSync("true").pid });
const elsewhere = () => ({ ...ownProcess(), machine: "0123456789ab" });
const uses = {
  reading: (file) => file.read(),
  writing: (file) => file.write("another-key"),
  removing: (file) => file.remove(),
} satisfies Record<string, (file: KeyFile) => Promise<unknown>>;
for (const [how, use] of Object.entries(uses)) {
  checkLeftover(`${how}, what a killed process left is removed`, ended, use, { left: "gone" });
  checkLeftover(`${how}, what a process still writes is left to it`, ownProcess, use, { left: "there" });
}
checkLeftover("what another machine left is removed", elsewhere, uses.reading, { age: 120, left: "gone" });
checkLeftover("unless it may still be writing", elsewhere, uses.reading, { left: "there" });

checkRefused("refuses a file that others may write", { mode: 0o620 }, [
  "permissionDenied",
  /not used: it could be written by others.*patchwright login/,
]);
checkRefused("refuses a file in a folder that others may write", { folder: 0o777 }, [
  "permissionDenied",
  /not used: it lies in a folder that others may write to.*chmod 700 /,
]);
checkRefused("refuses a file without a key", { text: "{}" }, ["invalid", /holds no API key.*patchwright login/]);
checkRefused("refuses a file that is not JSON, without a word of it", { text: `{"OPENAI_API_KEY": "${key}` }, [
  "invalid",
  /holds no API key/,
]);
