import type { Environment, OperatingSystem } from "../platform.ts";
import type { ConfiningSandbox } from "./confine.ts";
import { credentialPaths } from "./credentials.ts";
import { linuxSandbox } from "./linuxSandbox.ts";
import { probeMac } from "./macSandbox.ts";
import type { OpenGate } from "./networkGate.ts";
import { noSandbox } from "./noSandbox.ts";
import { probedSandbox } from "./probing.ts";

export interface SandboxOptions {
  readonly os: OperatingSystem;
  /** Node's name of the processor. */
  readonly architecture: string;
  readonly home: string;
  /** Of the process that runs the agent. */
  readonly env: Environment;
  readonly temporary: string;
  readonly storageRoot: string;
  /** Where bubblewrap is looked for; in the folders of programs when absent. */
  readonly bubblewrapFolders?: readonly string[] | undefined;
  readonly openGate?: OpenGate | undefined;
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** What confines commands on this machine. Nothing is tried before somebody asks for its state, or to confine a command. */
export function createSandbox(options: SandboxOptions): ConfiningSandbox {
  const { os, home, env, temporary, storageRoot } = options;
  const credentials = credentialPaths(home, env);
  const places = { storageRoot, temporary: [temporary, "/tmp"], credentials };
  switch (os) {
    case "linux":
      return linuxSandbox({ ...options, places });
    case "macos":
      return probedSandbox(() => probeMac({ temporary, places }));
    case "windows":
      return noSandbox("Windows has no sandbox for commands, so each one asks. Work in WSL to have one.");
  }
}
