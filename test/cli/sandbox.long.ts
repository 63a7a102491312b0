import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import process from "node:process";
import { test } from "node:test";
import { makePlace } from "./terminal.ts";

const skip = process.platform !== "linux" && "the sandbox of this system is not run in tests";

test("a command that the user confines is kept to their settings: folders, hosts and variables", {
  skip,
}, async (t) => {
  const place = await makePlace(t);
  const beside = (name: string) => path.join(path.dirname(place.cwd), name);
  for (const name of ["open", "closed"]) await mkdir(beside(name));
  const server = createServer((_, response) => response.end("reached")).listen(0, "127.0.0.1");
  t.after(() => server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const url = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = `command_environment = ["COLOUR"]
[sandbox_workspace_write]
writable_roots = ["${beside("open")}"]
allowed_hosts = ["${url}"]
exclude_slash_tmp = true
exclude_tmpdir_env_var = true
`;
  await writeFile(path.join(place.home, "config.toml"), config);
  const fetching = `NO_PROXY= no_proxy= "${process.execPath}" -e 'fetch("http://${url}").then((r) => r.text()).then(console.log)'`;
  const line = `touch ../open/a here; touch ../closed/a; echo $COLOUR; ${fetching}`;
  const ran = await place.run(["sandbox", "--", "sh", "-c", line], { env: { COLOUR: "green" } });
  assert.deepEqual(
    [beside("open/a"), path.join(place.cwd, "here"), beside("closed/a")].map((file) => existsSync(file)),
    [true, true, false],
    ran.stderr,
  );
  assert.equal(ran.stdout, "green\nreached\n", ran.stderr);
  const closed = await place.run(["sandbox", "--network", "off", "--", "sh", "-c", fetching]);
  assert.notEqual(closed.code, 0);
});

test("settings that are wrong are said, and nothing runs", { skip }, async (t) => {
  const place = await makePlace(t, { config: "sandbox_mode = 1\n" });
  const ran = await place.run(["sandbox", "--", "touch", "here"]);
  assert.equal(ran.code, 2);
  assert.match(ran.stderr, /config\.toml/);
  assert.equal(existsSync(path.join(place.cwd, "here")), false);
});

for (const [name, program, code, said] of [
  ["a program that is not there", "no-such-program", 127, /no program no-such-program\b/],
  ["a path where nothing is", "./nothing", 127, /no program \.\/nothing\b/],
  ["a file that is no program", "./text", 126, /\.\/text may not be run/],
  ["a folder", "./", 126, /\.\/ may not be run/],
] as const)
  test(`${name} gives ${code}, as in a shell`, { skip }, async (t) => {
    const place = await makePlace(t);
    await writeFile(path.join(place.cwd, "text"), "text");
    const ran = await place.run(["sandbox", "--", program]);
    assert.equal(ran.code, code, ran.stderr);
    assert.match(ran.stderr, said);
  });
