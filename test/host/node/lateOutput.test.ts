import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { operatingSystem } from "../../../src/host/node/platform.ts";
import { createNodeProcesses } from "../../../src/host/node/processes.ts";
import { withFolder } from "../nodeFixture.ts";

const skip = process.platform === "win32" && "there is no /bin/sh";

test("output that came while this process was busy is read, however long it was", { skip }, () =>
  withFolder(async (cwd) => {
    const printed = join(cwd, "printed");
    let waits = 0;
    // Nothing else happens here until the output is in the pipe, and then the time is over at once.
    const delay = async () => {
      waits++;
      while (!existsSync(printed));
    };
    const os = operatingSystem(process.platform);
    const processes = createNodeProcesses({ os, temporary: cwd, env: process.env, delay });
    const script = "trap '' HUP; (while [ ! -e go ]; do :; done; echo late; : > printed) & : > go";
    const argv = ["/bin/sh", "-c", script] as const;
    const command = { argv, cwd, tty: false, itemId: "1", title: "late" };
    const running = await processes.spawn(command, new AbortController().signal);
    let text = "";
    running.onOutput((more) => {
      text += more;
    });
    await running.exited;
    assert.equal(waits, 1);
    assert.equal(text, "late\n");
    await processes.dispose();
  }),
);
