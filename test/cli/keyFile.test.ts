import assert from "node:assert/strict";
import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { KeyFile } from "../../src/cli/keyFile.ts";
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
