import type { FileSystem } from "../../host/files.ts";
import type { Host } from "../../host/host.ts";
import type { Processes, RunningProcess } from "../../host/processes.ts";
import type { HostTool, ToolSource } from "../../host/tools.ts";
import type { Secrets } from "./secrets.ts";

/**
 * The host with secrets cut out of what comes in pieces or cut off: outputs of commands and of tools, and lines that were found. Files are read as
 * they are, since they are written back: what shows their text cuts it there.
 */
export function redactedHost(host: Host, secrets: Secrets): Host {
  return {
    ...host,
    files: redactedSearch(host.files, secrets),
    processes: redactedProcesses(host.processes, secrets),
    tools: redactedTools(host.tools, secrets),
  };
}

/** Commands whose output, in pieces or whole, has no secret. */
export function redactedProcesses(processes: Processes, secrets: Secrets): Processes {
  return {
    spawn: async (command, signal) => redactedProcess(await processes.spawn(command, signal), secrets),
    imageOf: (command, named) => processes.imageOf(command, named),
  };
}

function redactedProcess(process: RunningProcess, secrets: Secrets): RunningProcess {
  const stream = secrets.stream();
  let listener: ((text: string) => void) | undefined;
  let over = false;
  const deliver = (text: string) => {
    if (text !== "") listener?.(text);
  };
  const exited = process.exited.then((exit) => {
    over = true;
    if (listener) deliver(stream.end());
    return exit;
  });
  return {
    pid: process.pid,
    exited,
    onOutput(listen) {
      listener = listen;
      process.onOutput((text) => deliver(stream.push(text)));
      if (over) deliver(stream.end());
    },
    write: (chars) => process.write(chars),
    kill: () => process.kill(),
  };
}

/** A line that is found is cut off where it is long, which may be within a secret. */
function redactedSearch(files: FileSystem, secrets: Secrets): FileSystem {
  return {
    ...files,
    async search(root, query, signal) {
      const { matches, more } = await files.search(root, query, signal);
      return { matches: matches.map((match) => ({ ...match, text: cutMatch(match.text, secrets) })), more };
    },
  };
}

/** Lines of this length may have been longer. */
const LONGEST_MATCH = 500;

function cutMatch(text: string, secrets: Secrets): string {
  return text.length < LONGEST_MATCH ? secrets.text(text) : secrets.cutText(text);
}

/** The same object for the same tool, as `ToolSource.list` promises. */
function redactedTools(tools: ToolSource, secrets: Secrets): ToolSource {
  const known = new WeakMap<HostTool, HostTool>();
  const redacted = (tool: HostTool): HostTool => {
    const made = known.get(tool) ?? {
      ...tool,
      run: async (args, signal) => secrets.text(await tool.run(args, signal)),
    };
    known.set(tool, made);
    return made;
  };
  return { list: () => tools.list().map(redacted) };
}
