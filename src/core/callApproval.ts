import type { CommandImage } from "../host/processes.ts";
import { AgentError } from "../protocol/errors.ts";
import { type Approver, approve, type Verdict } from "./approve.ts";
import { type LookedUp, lookUp } from "./commandLookup.ts";
import type { Always } from "./decided.ts";
import { landingsOf, type PathClass } from "./policy/classifyPath.ts";
import { lookingEnvironment } from "./policy/commands/looking.ts";
import { runsProject } from "./policy/commands/runsProject.ts";
import { commandWarnings } from "./policy/commandWarnings.ts";
import {
  agentFolders,
  confinementOf,
  distrustedPrograms,
  exceedsRights,
  lookingConfinement,
  repositoryGuard,
  rightsOf,
} from "./policy/confinement.ts";
import { editNote } from "./policy/editNote.ts";
import { placesOf } from "./policy/effectPlaces.ts";
import { type FrozenApproval, namesIn, programsIn } from "./policy/frozenApproval.ts";
import { judge, type Run } from "./policy/judge.ts";
import { type Paths, rootAround } from "./policy/paths.ts";
import type { Permissions } from "./policy/permissions.ts";
import { Permit } from "./policy/permit.ts";
import { programsWithin } from "./policy/programPlaces.ts";
import { RULES_UNKNOWN } from "./policy/rules.ts";
import { hasUnsettledRepository } from "./policy/unsettledRepository.ts";
import { escalationAdvice } from "./prompt/permissionsText.ts";
import type { Effect } from "./tools/effect.ts";
import type { TurnPlace, TurnThread } from "./turnThread.ts";

/** A call whose effect is known. */
interface Call {
  readonly effect: Effect;
  readonly itemId: string;
  /** What the user allowed for this turn, by key. */
  readonly allowedInTurn: Set<string>;
}

type Command = Extract<Effect, { kind: "execute" }>;

/** Judges a call and asks where needed. Rejects with `aborted` when the turn is stopped meanwhile. */
export async function approveCall(thread: TurnThread, place: TurnPlace, call: Call): Promise<Verdict> {
  const { stop, deps } = place;
  requireGoing(stop.signal);
  const { effect } = call;
  const { permissions, settings } = thread;
  const threadCwd = thread.record.view.thread.cwd;
  const looked = effect.kind === "execute" ? await lookUp(effect, { permissions, threadCwd }, deps) : undefined;
  const known: Effect = effect.kind === "execute" ? { ...effect, known: looked } : effect;
  const places = await placesOf(known, permissions, { files: deps.host.files, paths: deps.paths });
  const judgement = judge(known, permissions, places);
  const isCommand = effect.kind === "execute" && judgement.kind !== "decline";
  const command = isCommand ? { effect, looked, run: judgement.run } : undefined;
  const verdict = await approve(judgement, askedCall(thread, place, { ...call, command, written: places.written }), {
    clients: deps.clients,
    clock: deps.clock,
    waiting: thread.waiting,
    allowed: { session: thread.allowed, turn: call.allowedInTurn },
    ready: () => thread.checkpoints.ready(effect, stop.signal),
    ...(command ? commandParts(thread, place, command) : nothingToFreeze),
  });
  requireGoing(stop.signal);
  if (verdict.kind !== "allow") return verdict;
  // What was waited for takes time, in which the user may have taken rights away.
  if (judgement.kind === "allow" && thread.settings !== settings) return approveCall(thread, place, call);
  if (!command) return { ...verdict, landings: landingsOf([...places.written, ...places.read]) };
  return { ...verdict, permit: permitFor(thread, place, { ...call, command }) };
}

function requireGoing(signal: AbortSignal): void {
  if (signal.aborted) throw new AgentError("aborted", "The turn was stopped.");
}

interface JudgedCommand {
  readonly effect: Command;
  readonly looked: LookedUp | undefined;
  readonly run: Run;
}

interface JudgedCall extends Call {
  readonly command: JudgedCommand | undefined;
  /** Of an edit. */
  readonly written: readonly PathClass[];
}

function askedCall(thread: TurnThread, place: TurnPlace, { effect, itemId, command, written }: JudgedCall) {
  const { turnId, stop } = place;
  const { cwd } = thread.record.view.thread;
  const isMore = effect.kind === "input" && effect.rights.confined && exceedsRights(effect.rights, thread.permissions);
  const note = isMore ? "It was started with rights that commands do not have any more." : editNote(written);
  const ids = { threadId: thread.id, turnId, itemId, effect, cwd, signal: stop.signal, note };
  if (!command) return ids;
  return {
    ...ids,
    command: (asked: FrozenApproval | undefined) => ({
      rights: rightsOf(thread.permissions, askedRun(command)),
      prefix: runsFile(command, asked, place.deps.paths) ? undefined : command.looked?.prefix,
      warnings: [
        ...commandWarnings(command.effect, thread.allowed.keys()),
        ...(command.looked?.rule === "unknown" ? [RULES_UNKNOWN] : []),
      ],
      notes: asked?.notes ?? [],
    }),
  };
}

/**
 * Whether the prefix names a script, or a program that runs what a file of the workspace says. A rule that lets these out of the sandbox would let
 * out whatever a command in the sandbox writes there.
 */
function runsFile({ run, looked, effect }: JudgedCommand, asked: FrozenApproval | undefined, paths: Paths): boolean {
  if (run !== "unconfined") return false;
  const files = asked?.image.files ?? {};
  const bases = [effect.cwd, ...namesIn(effect.argv).folders.map((folder) => paths.resolve(effect.cwd, folder))];
  const prefix = looked?.prefix ?? [];
  const { names } = namesIn(prefix);
  return runsProject(prefix) || bases.some((base) => names.some((name) => paths.resolve(base, name) in files));
}

/** What only looks is not asked about. */
function askedRun({ run }: JudgedCommand): "confined" | "unconfined" {
  return run === "unconfined" ? run : "confined";
}

type CommandParts = Pick<Approver, "freeze" | "allowAlways">;

const nothingToFreeze: CommandParts = {
  freeze: async () => undefined,
  allowAlways: async () => {
    throw new AgentError("invalid", "Only commands can be allowed always.");
  },
};

function commandParts(thread: TurnThread, { deps }: TurnPlace, command: JudgedCommand): CommandParts {
  const { argv, cwd } = command.effect;
  return {
    async freeze(): Promise<FrozenApproval> {
      const { permissions } = thread;
      const { host, paths } = deps;
      const isOutside = command.run === "unconfined";
      const programsNotIn = isOutside ? distrustedPrograms(permissions) : [];
      const started = { argv: argv as [string, ...string[]], cwd, tty: false, itemId: "", title: "", programsNotIn };
      const named = { paths: namedFiles(command.effect, thread, deps), programs: programsIn(argv) };
      const image = await host.processes.imageOf(started, named);
      const notes = isOutside ? await notesOf(command.effect, { image, permissions, host, paths }) : [];
      return { argv, cwd, rights: rightsOf(permissions, askedRun(command)), image, notes };
    },
    async allowAlways({ prefix, scope }: Always): Promise<void> {
      const { workspaceRoots } = thread.permissions;
      const { cwd: threadCwd } = thread.record.view.thread;
      await deps.rules.write({
        subject: { kind: "command", prefix: [...prefix] },
        decision: "allow",
        ...(command.run === "unconfined" ? { unconfined: true } : {}),
        ...(scope === "workspace" ? { workspace: rootAround(threadCwd, workspaceRoots, deps.paths) } : {}),
      });
    },
  };
}

interface Outside extends Pick<TurnPlace["deps"], "host" | "paths"> {
  readonly image: CommandImage;
  readonly permissions: Permissions;
}

/** What of a command outside the sandbox may be the work of commands in it. */
async function notesOf({ argv, cwd }: Command, { image, permissions, host, paths }: Outside): Promise<string[]> {
  const folders = agentFolders(permissions);
  const notes = [...(await programsWithin(image.programs, { folders, files: host.files, paths }))];
  const isGit = programsIn(argv).some((name) => USING_GIT.has(name));
  if (isGit && (await hasUnsettledRepository(cwd, { host, paths, guard: repositoryGuard(permissions) })))
    notes.push("Git may come here to a repository that commands in the sandbox made, and run what it names.");
  return notes;
}

const USING_GIT = new Set(["git", "gh", "glab"]);

/** Files that the command line may name and that somebody could change while the user thinks: those where commands may write. */
function namedFiles({ argv, cwd }: Command, thread: TurnThread, { paths }: TurnPlace["deps"]): string[] {
  const roots = agentFolders(thread.permissions);
  const { names, folders } = namesIn(argv);
  const bases = [cwd, ...folders.map((folder) => paths.resolve(cwd, folder))];
  const candidates = new Set(bases.flatMap((base) => names.map((name) => paths.resolve(base, name))));
  return [...candidates].filter((path) => roots.some((root) => paths.isInside(root, path)));
}

function permitFor(
  thread: TurnThread,
  { turnId, stop }: TurnPlace,
  { itemId, command }: Omit<JudgedCall, "written">,
): Permit {
  const { permissions, hosts } = thread;
  if (!command) return new Permit({});
  if (command.run === "unconfined") return new Permit({ programsNotIn: distrustedPrograms(permissions) });
  const advice = escalationAdvice(permissions);
  if (command.run === "looking")
    return new Permit({ confinement: lookingConfinement(permissions), env: lookingEnvironment, advice });
  const { command: text, cwd } = command.effect;
  const filter = hosts.filterFor({ turnId, itemId, command: text, cwd, stop });
  const { refusals } = filter;
  return new Permit({ confinement: confinementOf(permissions, filter), advice, refusals, onEnd: () => filter.close() });
}
