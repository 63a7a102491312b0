import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { commandImage } from "../../../src/host/node/commandImage.ts";

const command = { argv: ["true"], cwd: tmpdir(), tty: false, itemId: "", title: "" } as const;

async function environmentWith(passed: readonly string[]): Promise<string> {
  const options = { os: "linux", env: { PATH: "/usr/bin", MINE: "1" }, passed: () => passed } as const;
  return (await commandImage(command, { paths: [], programs: [] }, options)).environment;
}

test("a variable that the user passes on from now on is a change", async () => {
  assert.notEqual(await environmentWith(["MINE"]), await environmentWith([]));
  assert.equal(await environmentWith(["OTHER"]), await environmentWith([]));
});
