import type { Rule } from "../protocol/rules.ts";
import { type Looked, lookedAt } from "./policy/commands/looking.ts";
import { proposedPrefix } from "./policy/commands/proposedPrefix.ts";
import { agentFolders, distrustedPrograms, repositoryGuard } from "./policy/confinement.ts";
import { programsIn } from "./policy/frozenApproval.ts";
import { isHarmlessLook } from "./policy/lookedCredentials.ts";
import { never } from "./policy/never.ts";
import { hasFullAccess, isConfined, type Permissions } from "./policy/permissions.ts";
import { type ProgramPlaces, programsWithin } from "./policy/programPlaces.ts";
import { judgeByRules, type RuleVerdict } from "./policy/rules.ts";
import { hasUnsettledRepository } from "./policy/unsettledRepository.ts";
import type { ThreadDeps } from "./threadDeps.ts";
import type { Effect, KnownCommand } from "./tools/effect.ts";

export interface LookedUp extends KnownCommand {
  /** What a rule that allows it could begin with; undefined where none is to be offered. */
  readonly prefix?: readonly string[] | undefined;
}

type Command = Extract<Effect, { kind: "execute" }>;

export interface LookupPlace {
  readonly permissions: Permissions;
  /** The folder of the thread. */
  readonly threadCwd: string;
}

/** What a command line's parsed tree shows, and what the user's rules say of it. */
export async function lookUp(
  { argv, cwd, prefixRule, rights }: Command,
  { permissions, threadCwd }: LookupPlace,
  { host, paths, rules }: ThreadDeps,
): Promise<LookedUp> {
  const [shell = "", flag, text, ...more] = argv;
  const isShell = flag === "-c" && text !== undefined && more.length === 0;
  const line = isShell ? await host.shell.commandsOf(text, shell) : undefined;
  // A command that only looks has an empty folder for temporary files: what names others there does more.
  const readable = permissions.readableRoots.filter((root) => root !== permissions.folders.temporary);
  const roots = [...permissions.workspaceRoots, ...readable];
  const place = { paths, cwd, roots, threadCwd };
  const ruled = judgeByRules(await rules.held(), line, place);
  const isInside = isConfined(permissions) && rights === "default";
  const leavesSandbox = !isInside && ruled.kind === "allow" && ruled.unconfined;
  const words = [argv, ...(line?.commands ?? [])];
  const isLost = leavesSandbox && (await obeysAgent({ argv, cwd, words }, permissions, { host, paths }));
  const verdict: RuleVerdict = isLost ? { kind: "none" } : ruled;
  // Only who asks about everything needs to know: what is in folders takes time to look through.
  const isHarmless = async (looked: Looked | undefined) =>
    permissions.approvalPolicy === "untrusted" &&
    looked !== undefined &&
    (await isHarmlessLook(looked, permissions, { files: host.files, paths }));
  const isLifted = verdict.kind !== "allow" || verdict.looked === undefined || (await isHarmless(verdict.looked));
  return {
    looksOnly: verdict.kind !== "unknown" && (await isHarmless(lookedAt(line, place))),
    rule: isLifted ? ruleOf(verdict) : undefined,
    denied: verdict.kind === "deny" ? wordsOf(verdict.rule) : undefined,
    prefix: proposedPrefix(line, place, { wanted: prefixRule, reach: isInside ? "inside" : "outside" }),
  };
}

interface Started extends Pick<Command, "argv" | "cwd"> {
  /** Its own, and those of the commands in it. */
  readonly words: readonly (readonly string[])[];
}

/**
 * Whether outside the sandbox one of its programs would be a file that somebody in it may have written, or would come to a repository that somebody
 * in it may have made. No rule lets that out.
 */
async function obeysAgent(
  command: Started,
  permissions: Permissions,
  { host, paths }: Pick<ThreadDeps, "host" | "paths">,
): Promise<boolean> {
  if (hasFullAccess(permissions)) return false;
  const programs = await programsOf(command, permissions, { host, paths });
  const folders = agentFolders(permissions);
  if ((await programsWithin(programs, { folders, files: host.files, paths })).length > 0) return true;
  return hasUnsettledRepository(command.cwd, { host, paths, guard: repositoryGuard(permissions) });
}

/** By the names and by the paths that it has for them. */
async function programsOf(
  { argv, cwd, words }: Started,
  permissions: Permissions,
  { host, paths }: Pick<ThreadDeps, "host" | "paths">,
): Promise<ProgramPlaces> {
  const programsNotIn = distrustedPrograms(permissions);
  const started = { argv: argv as [string, ...string[]], cwd, tty: false, itemId: "", title: "", programsNotIn };
  const names = new Set(words.flatMap(programsIn));
  const { programs } = await host.processes.imageOf(started, { paths: [], programs: [...names] });
  const named = words.flatMap(([program = ""]) => (/[/\\]/.test(program) ? [program] : []));
  const places = await Promise.all(
    named.map(async (program) => {
      const path = paths.resolve(cwd, program);
      const realPath = await host.files.realPath(path, never).catch(() => path);
      return [program, { path, realPath }] as const;
    }),
  );
  return { ...programs, ...Object.fromEntries(places) };
}

function wordsOf({ subject }: Rule): readonly string[] {
  return subject.kind === "command" ? subject.prefix : [];
}

function ruleOf(verdict: RuleVerdict): KnownCommand["rule"] {
  switch (verdict.kind) {
    case "none":
      return undefined;
    case "deny":
    case "unreadable":
    case "unknown":
      return verdict.kind;
    case "allow":
      return verdict.unconfined ? "allowUnconfined" : "allow";
  }
}
