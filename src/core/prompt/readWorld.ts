import { traitsOf } from "../model/models.ts";
import { networkOf } from "../policy/confinement.ts";
import type { Permissions } from "../policy/permissions.ts";
import { deniedHosts } from "../policy/rules.ts";
import type { LoggedInput } from "../store/inputs.ts";
import type { ThreadDeps } from "../threadDeps.ts";
import { usableTools } from "../tools/hostTools.ts";
import { messageItem } from "./contextLog.ts";
import { readEnvironment } from "./environment.ts";
import { effortOf } from "./makeHead.ts";
import { modeText } from "./modeText.ts";
import { permissionsText } from "./permissionsText.ts";
import { readProjectInstructions } from "./projectInstructions.ts";
import { toolChange } from "./toolChanges.ts";
import { keepIfSame, type LayerMessage, type WorldState, worldMessages } from "./worldState.ts";

/** What holds for a request. */
export interface RequestSettings {
  readonly model: string;
  readonly effort: string | null;
  readonly permissions: Permissions;
}

/** What a turn begins with. */
export interface TurnStart extends RequestSettings {
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** What must be read for a turn, and what of it the user should know. */
export interface Surroundings {
  readonly layers: Pick<WorldState, "projectInstructions" | "environment">;
  /** AGENTS.md files that guide the model. */
  readonly sources: readonly string[];
  /** What could not be told, in sentences for the user. */
  readonly problems: readonly string[];
}

/** Reads what lies on disks. Rejects with `aborted` only. */
export async function readSurroundings(
  { cwd, permissions, signal }: TurnStart,
  before: WorldState,
  { host, paths, clock, settings, secrets, rules }: ThreadDeps,
): Promise<Surroundings> {
  const { trusted } = permissions;
  const place = { host, paths, cwd, signal };
  const fallbackNames = settings().projectDocFallbackFilenames ?? [];
  const [project, environment] = await Promise.all([
    trusted ? readProjectInstructions({ ...place, fallbackNames }) : { texts: {}, sources: [], problems: [] },
    readEnvironment({ ...place, clock, trusted, before: before.environment }),
  ]);
  const { refused } = usableTools(host.tools.list());
  const problems = refused.map(
    (name) => `The tool ${name} is left out: its name is taken, or none that a model accepts.`,
  );
  return {
    layers: {
      projectInstructions: keepIfSame(secrets.value(project.texts), before.projectInstructions),
      environment: keepIfSame(secrets.value(environment), before.environment),
    },
    sources: project.sources,
    problems: [
      ...project.problems,
      ...problems,
      ...unkeptRules(permissions, deniedHosts(await rules.list(), { paths, threadCwd: cwd })),
    ],
  };
}

/** A rule that denies a host is kept by the proxy, and where the whole network is on there is none. */
function unkeptRules({ trusted, sandboxPolicy }: Permissions, hosts: readonly string[]): string[] {
  if (!trusted || hosts.length === 0 || networkOf(sandboxPolicy) !== "on") return [];
  return [
    `Commands here have the whole network, so they also reach the hosts that your rules deny: ${hosts.join(", ")}. To deny them, let the network ask about each host.`,
  ];
}

export interface Telling {
  /** For the context, in order. */
  readonly inputs: readonly LoggedInput[];
  /** The change of effort, which must not follow another one directly; undefined when there is none. */
  readonly update: LoggedInput | undefined;
  /** What the model knows once it has all of that. */
  readonly world: WorldState;
}

/** What to tell a model before its next request. `layers` are those that were read anew; the others are known without waiting. */
export function tellWorld(
  { model, effort, permissions }: RequestSettings,
  before: WorldState,
  {
    host,
    settings,
    secrets,
    layers = {},
  }: Pick<ThreadDeps, "host" | "settings" | "secrets"> & { layers?: Partial<Surroundings["layers"]> },
): Telling {
  const traits = traitsOf(model);
  const tools = toolChange(usableTools(host.tools.list()).tools, before.tools, traits);
  const wanted = effortOf(model, effort);
  const updates = traits.effortUpdates && wanted !== before.effort;
  const world: WorldState = {
    ...before,
    ...layers,
    permissions: secrets.text(permissionsText(permissions)),
    developerInstructions: secrets.text(settings().developerInstructions?.trim() ?? ""),
    mode: modeText(permissions),
    effort: updates ? wanted : before.effort,
    tools: tools.told,
  };
  const messages = worldMessages(world, before).map(loggedMessage);
  return {
    inputs: [...messages, ...tools.inputs],
    update: updates ? { item: effortUpdate(wanted) } : undefined,
    world,
  };
}

function loggedMessage({ layer, role, text }: LayerMessage): LoggedInput {
  return { item: { ...messageItem(role, text) }, layer };
}

function effortUpdate(effort: string | null): object {
  return { type: "configuration_update", reasoning: { effort } };
}
