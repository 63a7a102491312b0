import { isProtected } from "../../src/core/policy/protectedPaths.ts";
import { createNodeHost } from "../../src/host/node/nodeHost.ts";

/** A host whose command starts processes of every kind in the sandbox, and that stays until it is killed. Prints when all of them run. */
const [workspace = "", storageRoot = "", token = ""] = process.argv.slice(2);
const host = createNodeHost({ storageRoot, workspaceRoots: [workspace] });
const script = `
(setsid bash -c "trap '' TERM HUP INT; while :; do sleep 0.1; done; : ${token}" &) &
env -i bash -c "while :; do sleep 0.1; done; : ${token}" &
sleep 0.2; echo started; while :; do sleep 0.1; done; : ${token}`;
const confinement = { writableRoots: [workspace, "/tmp"], readableRoots: [], isProtected, network: "off" } as const;
const command = {
  argv: ["/bin/bash", "-c", script],
  cwd: workspace,
  tty: false,
  itemId: "i",
  title: "t",
  confinement,
} as const;
const running = await host.processes.spawn(command, new AbortController().signal);
running.onOutput((text) => process.stdout.write(text));
