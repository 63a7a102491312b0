import { AgentError } from "../../protocol/errors.ts";
import type { Snapshots } from "../host.ts";

const refuse = () => Promise.reject(new AgentError("unsupported", "This host keeps no snapshots."));

/** A host that keeps none. */
export const noSnapshots: Snapshots = {
  take: refuse,
  compare: refuse,
  read: refuse,
  keepOnly: async () => {},
  diskBytes: async () => 0,
};
