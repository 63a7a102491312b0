import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AgentError } from "../../../protocol/errors.ts";
import { requireProgram } from "../program.ts";
import type { Confined, ConfinedCommand } from "./confine.ts";
import type { Guard } from "./guard.ts";
import { entryAt, lookAround, type Places, temporaryFolders, writableFolders } from "./lookAround.ts";
import type { NetworkGate, OpenGate } from "./networkGate.ts";
import { createOverseer } from "./overseer.ts";
import { type Empty, prepareStart } from "./prepareStart.ts";

export interface BubblewrapOptions {
  /** An absolute path. */
  readonly program: string;
  /** Options that it knows. */
  readonly knows: ReadonlySet<string>;
  /** Of system calls. */
  readonly filter: Uint8Array;
  readonly places: Places;
  readonly guard: Guard;
  readonly openGate?: OpenGate | undefined;
}

/** Confines commands by `bwrap`. */
export function createBubblewrap(options: BubblewrapOptions): (command: ConfinedCommand) => Promise<Confined> {
  const { places, guard } = options;
  const empty = makeEmpty(places.storageRoot);
  return async (command) => {
    const { confinement, cwd, argv, env } = command;
    // Inside, the failure would only be a line of output.
    requireProgram(argv[0], { path: env.PATH, cwd });
    const writable = writableFolders(confinement.writableRoots);
    const temporary = temporaryFolders(places);
    const guarded = await guard.watch(
      writable.filter((folder) => !temporary.includes(folder)),
      { writable, confinement },
    );
    try {
      const { readableRoots } = confinement;
      const layout = lookAround({ cwd, readableRoots, writable, protected: guarded.paths, places });
      const gate = openGate(command, options);
      const overseer = createOverseer();
      return {
        ...prepareStart(command, { ...options, empty, layout, gate, report: overseer.connect }),
        overseers: overseer.pids,
        async ended() {
          gate?.close();
          await overseer.ended();
          return guarded.ended();
        },
      };
    } catch (error) {
      await guarded.ended();
      throw error;
    }
  };
}

function openGate({ confinement: { network } }: ConfinedCommand, options: BubblewrapOptions): NetworkGate | undefined {
  if (typeof network === "string") return undefined;
  if (options.openGate !== undefined) return options.openGate(network);
  throw new AgentError("unsupported", "Commands cannot reach only some hosts here. Turn their network on or off.");
}

/** A hidden file reads as empty. Where the store cannot be written it cannot be read at all, which few programs take for absent. */
function makeEmpty(storageRoot: string): Empty {
  const file = join(storageRoot, "sandbox", "empty");
  const folder = join(storageRoot, "sandbox", "none");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (entryAt(file) === undefined) writeFileSync(file, "", { mode: 0o444 });
    return { file, folder };
  } catch {
    return { file: "/dev/null", folder: undefined };
  }
}
