import type { Host } from "../../host/host.ts";
import type { Clients } from "../clients.ts";
import type { Clock } from "../clock.ts";
import type { Paths } from "../policy/paths.ts";
import type { TrustSettings } from "../settings.ts";

export interface ReviewDeps {
  readonly host: Host;
  readonly paths: Paths;
  readonly clock: Clock;
  /** Read anew whenever it is needed. */
  readonly settings: () => TrustSettings;
  readonly newId: () => string;
  readonly clients: Pick<Clients, "notify">;
  readonly log: (fault: unknown) => void;
}
