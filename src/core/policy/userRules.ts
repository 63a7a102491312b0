import { AgentError } from "../../protocol/errors.ts";
import type { NewRule } from "../../protocol/rules.ts";

/** A command line as it is to run. */
export interface CommandLine {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** What the model proposes to be allowed always. */
  readonly prefixRule?: readonly string[] | undefined;
}

export interface LookedUp {
  /** Whether it only looks, by its parsed tree. */
  readonly looksOnly: boolean;
  readonly rule?: "deny" | "allow" | "allowUnconfined" | undefined;
  /** What a rule that allows it could begin with; undefined where none is to be offered. */
  readonly prefix?: readonly string[] | undefined;
}

/** For whoever has none. */
export const noRules: UserRules = {
  lookUp: async () => ({ looksOnly: false }),
  ofHost: async () => undefined,
  async save() {
    throw new AgentError("unsupported", "No rules are kept here.");
  },
};

/** What the user settled for good, as the agent asks for it. */
export interface UserRules {
  /** Never rejects: what cannot be read is not known to be harmless. */
  lookUp(line: CommandLine): Promise<LookedUp>;
  /** What the rules say of a host for a folder; undefined when they are silent. */
  ofHost(host: string, folder: string): Promise<"allow" | "deny" | undefined>;
  save(rule: NewRule): Promise<void>;
}
