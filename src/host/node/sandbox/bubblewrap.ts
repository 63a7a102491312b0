import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AgentError } from "../../../protocol/errors.ts";
import type { Confinement } from "../../host.ts";
import { isProgram } from "../program.ts";
import { bubblewrapArgs } from "./bubblewrapArgs.ts";
import type { Confined, ConfinedCommand } from "./confine.ts";
import { entryAt, lookAround, type Places } from "./lookAround.ts";
import type { NetworkGate, OpenGate } from "./networkGate.ts";

/** Where bubblewrap reads its options, the filter of system calls, and where the gate to the network has its connection. */
const OPTIONS_AT = 3;
const FILTER_AT = 4;
const GATE_AT = 5;

/** Names of hosts, and the programs of systems that keep them there. */
const RUN_FOLDERS = ["/run/current-system", "/run/wrappers", "/run/opengl-driver"];
const NAME_FOLDERS = ["/run/systemd/resolve", "/run/resolvconf", "/run/NetworkManager/resolv.conf"];

export interface BubblewrapOptions {
  /** An absolute path. */
  readonly program: string;
  readonly knows: ReadonlySet<string>;
  readonly filter: Uint8Array;
  readonly places: Places;
  readonly openGate?: OpenGate | undefined;
}

/** Starts commands by `bwrap`, which gets its options and the command's variables by descriptors: so they show in no list of processes. */
export function createBubblewrap(options: BubblewrapOptions): (command: ConfinedCommand) => Promise<Confined> {
  const emptyFile = makeEmptyFile(options.places.storageRoot);
  return async (command) => {
    requireProgram(command);
    const layout = lookAround({
      ...command,
      places: options.places,
      guard: (root) => protectedNames(root, command.confinement),
    });
    const gate = openGate(command, options);
    const { argv, env } = throughGate(command, gate);
    const network = command.confinement.network === "on" ? "on" : "off";
    const args = bubblewrapArgs(layout, {
      network,
      knows: options.knows,
      emptyFile,
      runFolders: network === "on" ? [...RUN_FOLDERS, ...NAME_FOLDERS] : RUN_FOLDERS,
      filterAt: FILTER_AT,
      env,
    });
    const text = args.map((arg) => `${arg}\0`).join("");
    const at = command.marker.indexOf("=");
    return {
      argv: [options.program, "--args", String(OPTIONS_AT), "--", ...argv],
      env: { [command.marker.slice(0, at)]: command.marker.slice(at + 1) },
      connections: [
        (end) => end.end(text),
        (end) => end.end(options.filter),
        ...(gate === undefined ? [] : [gate.attach]),
      ],
      async ended() {
        gate?.close();
        return [];
      },
    };
  };
}

/** What is there, directly in a writable folder, and must stay as it is. */
function protectedNames(root: string, { isProtected }: Confinement): readonly string[] {
  const names = readdirSync(root).filter((name) => isProtected(name) || isProtected(`${name}/x`));
  return names.map((name) => join(root, name)).filter((path) => entryAt(path)?.isSymbolicLink() === false);
}

/** Inside, the failure would only be a line of output. */
function requireProgram({ argv: [program], cwd, env }: ConfinedCommand): void {
  if (isProgram(program, { path: env.PATH, cwd })) return;
  throw new AgentError("notFound", `There is no program ${program}. Check its name, or install it.`);
}

function openGate({ confinement: { network } }: ConfinedCommand, options: BubblewrapOptions): NetworkGate | undefined {
  if (typeof network === "string") return undefined;
  if (options.openGate !== undefined) return options.openGate(network);
  throw new AgentError("unsupported", "Commands cannot reach only some hosts here. Turn their network on or off.");
}

function throughGate(command: ConfinedCommand, gate: NetworkGate | undefined): Pick<ConfinedCommand, "argv" | "env"> {
  const { XDG_RUNTIME_DIR: _, ...env } = command.env;
  if (gate === undefined) return { argv: command.argv, env };
  const [program, ...words] = [...gate.prefix(GATE_AT), ...command.argv];
  return { argv: [program ?? command.argv[0], ...words], env: { ...env, ...gate.env } };
}

/** A hidden file reads as empty. Where the store cannot be written it cannot be read at all, which few programs take for absent. */
function makeEmptyFile(storageRoot: string): string {
  const folder = join(storageRoot, "sandbox");
  const file = join(folder, "empty");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (entryAt(file) === undefined) writeFileSync(file, "", { mode: 0o444 });
    return file;
  } catch {
    return "/dev/null";
  }
}
