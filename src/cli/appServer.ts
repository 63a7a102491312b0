import { homedir } from "node:os";
import process from "node:process";
import { linesTransport } from "../rpc/lines.ts";
import { createLocalHost } from "./localHost.ts";
import { LocalKey } from "./localKey.ts";
import { createLocalServer } from "./localServer.ts";
import { logFault, say } from "./log.ts";
import { parseOptions } from "./options.ts";
import { sandboxLine } from "./sandboxLine.ts";
import { readSettings } from "./settings.ts";
import { onStopSignal } from "./signals.ts";
import { flushed, stdioStreams } from "./stdio.ts";
import { UsageError } from "./usageError.ts";

export const appServerUsage = `Usage: patchwright app-server [--listen stdio://] [options]

Serves the agent to a program: JSON-RPC in the Codex app server protocol, one message a line on standard input and output. It ends
when standard input does.

  --listen stdio://          where to listen; standard input and output are the only place so far
  -c, --config KEY=VALUE     a setting as in config.toml, its value in TOML; may be repeated`;

/** Serves until standard input ends or a signal asks to stop; resolves with the exit code when every command has ended. */
export async function runAppServer(args: readonly string[]): Promise<number> {
  const overrides = parse(args);
  if (overrides === undefined) {
    process.stdout.write(`${appServerUsage}\n`);
    return 0;
  }
  const { env } = process;
  const settings = await readSettings({ environment: env, userHome: homedir(), overrides, attended: true });
  for (const warning of settings.warnings) say(warning);
  const host = createLocalHost({
    home: settings.home,
    cwd: process.cwd(),
    addedFolders: [],
    passed: settings.commandEnvironment,
    program: "patchwright app-server",
    onWarning: say,
  });
  const key = new LocalKey({ home: settings.home, environment: process.env, onWarning: say });
  const server = createLocalServer({ host, settings, key, source: "appServer", log: logFault });
  const transport = linesTransport(stdioStreams());
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  transport.onClose(close);
  onStopSignal(close);
  server.connect(transport);
  void host.sandbox.ready.then((state) => say(sandboxLine(state)));
  await closed;
  // The call that runs, what was left in the background and what commands left behind are ended together, not one after another.
  await Promise.all([server.dispose(), host.endProcesses()]);
  await host.dispose();
  await flushed();
  process.stdin.destroy();
  return 0;
}

/** The --config options; undefined when only help is wanted. Throws UsageError. */
function parse(args: readonly string[]): readonly string[] | undefined {
  const { listen, config, help } = parseOptions(args, {
    listen: { type: "string", default: "stdio://" },
    config: { type: "string", short: "c", multiple: true, default: [] as string[] },
    help: { type: "boolean", short: "h", default: false },
  });
  if (help) return undefined;
  if (/^wss?:/.test(listen)) throw new UsageError(`--listen ${listen} is not available yet. Use --listen stdio://.`);
  if (listen !== "stdio://") throw new UsageError(`--listen takes stdio://, and not "${listen}".`);
  return config;
}
