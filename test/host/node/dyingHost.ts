import { tmpdir } from "node:os";
import { createNodeProcesses } from "../../../src/host/node/processes.ts";

/**
 * A program that starts commands of every kind, prints the ids of their processes and then, by its argument, stays or returns
 * without disposing of anything.
 */
const scripts = [
  { script: "echo $$; exec sleep 300", tty: false },
  { script: "trap '' TERM HUP INT; echo $$; while :; do sleep 1; done", tty: false },
  { script: "setsid sh -c 'echo $$; exec sleep 300' & wait", tty: false },
  { script: "(setsid sh -c 'echo $$; exec sleep 300' &) ; exit 0", tty: false },
  { script: "trap '' HUP; echo $$; while :; do sleep 1; done", tty: true },
];

const [folder = "", way] = process.argv.slice(2);
const processes = createNodeProcesses({ os: "linux", temporary: tmpdir(), env: process.env });
const pids = await Promise.all(
  scripts.map(async ({ script, tty }) => {
    const command = { argv: ["/bin/sh", "-c", script], cwd: folder, tty, itemId: "i", title: "t" } as const;
    const running = await processes.spawn(command, new AbortController().signal);
    return new Promise<string>((resolve) => running.onOutput((text) => resolve(text.trim())));
  }),
);
process.stdout.write(`${pids.join(" ")}\n`);
if (way === "exit") process.exit(0);
