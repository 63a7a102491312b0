import type { Duplex } from "node:stream";
import { bubblewrapArgs } from "./bubblewrapArgs.ts";
import type { Confined, ConfinedCommand } from "./confine.ts";
import type { Layout } from "./layout.ts";
import type { NetworkGate } from "./networkGate.ts";

/** The first descriptor that is free, which a gate to the network has for its connection. */
const FIRST = 3;

/** Folders of /run with the programs of systems that keep them there, and those from which the names of hosts are found. */
const PROGRAM_FOLDERS = ["/run/current-system", "/run/wrappers", "/run/opengl-driver"];
const NAME_FOLDERS = ["/run/systemd/resolve", "/run/resolvconf", "/run/NetworkManager/resolv.conf"];

export interface Empty {
  readonly file: string;
  readonly folder: string | undefined;
}

export interface StartParts {
  /** The program of bubblewrap, and the options that it knows. */
  readonly program: string;
  readonly knows: ReadonlySet<string>;
  /** The filter of system calls. */
  readonly filter: Uint8Array;
  /** What stands in place of what is hidden. */
  readonly empty: Empty;
  readonly layout: Layout;
  readonly gate: NetworkGate | undefined;
  /** Takes bubblewrap's report of what it started. */
  report(end: Duplex): void;
}

/**
 * What to start for a command. bubblewrap itself has only the mark in its environment, which anybody in the sandbox could read there; it gets its
 * options, with the command's variables, and the filter by descriptors of their own.
 */
export function prepareStart(
  command: ConfinedCommand,
  parts: StartParts,
): Pick<Confined, "argv" | "env" | "connections"> {
  const { program, gate, filter } = parts;
  const first = FIRST + (gate === undefined ? 0 : 1);
  const [optionsAt, filterAt, reportAt] = [first, first + 1, first + 2];
  const [wrapped = command.argv[0], ...words] = [...(gate?.prefix(FIRST) ?? []), ...command.argv];
  const options = optionsFor(command, parts, { filterAt, reportAt });
  const at = command.marker.indexOf("=");
  return {
    argv: [program, "--args", String(optionsAt), "--", wrapped, ...words],
    env: { [command.marker.slice(0, at)]: command.marker.slice(at + 1) },
    connections: [
      ...(gate === undefined ? [] : [gate.attach]),
      (end) => end.resume().end(options.map((option) => `${option}\0`).join("")),
      (end) => end.resume().end(filter),
      parts.report,
    ],
  };
}

function optionsFor(
  { env, confinement }: ConfinedCommand,
  { layout, knows, empty, gate }: StartParts,
  descriptors: { readonly filterAt: number; readonly reportAt: number },
): readonly string[] {
  const network = confinement.network === "on" ? "on" : "off";
  // Its folder is not there, and what lies in it could not be reached anyway.
  const { XDG_RUNTIME_DIR: _, ...variables } = env;
  return bubblewrapArgs(layout, {
    ...descriptors,
    network,
    knows,
    emptyFile: empty.file,
    emptyFolder: empty.folder,
    runFolders: network === "on" ? [...PROGRAM_FOLDERS, ...NAME_FOLDERS] : PROGRAM_FOLDERS,
    env: { ...variables, ...gate?.env },
  });
}
