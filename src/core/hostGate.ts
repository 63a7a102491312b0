import type { HostFilter, NetworkTarget } from "../host/sandbox.ts";
import type { CommandApprovalAnswer } from "../protocol/approvals.ts";
import { AgentError, toAgentError } from "../protocol/errors.ts";
import { withPort } from "../protocol/hostNames.ts";
import type { ServerRequestParams } from "../protocol/methods.ts";
import type { Clients } from "./clients.ts";
import type { Clock } from "./clock.ts";
import { isUsualPort } from "./policy/hosts.ts";
import { type Paths, rootAround } from "./policy/paths.ts";
import type { Permissions } from "./policy/permissions.ts";
import { RULES_UNKNOWN } from "./policy/rules.ts";
import { settledHost } from "./policy/settledHost.ts";
import type { RuleStore } from "./store/rules.ts";
import type { Waiting } from "./waiting.ts";

/** The thread whose commands want to reach hosts. */
export interface GateThread {
  readonly id: string;
  readonly permissions: Permissions;
  readonly waiting: Waiting;
  readonly record: { readonly view: { readonly thread: { readonly cwd: string } } };
}

export interface GateDeps {
  readonly clients: Clients;
  readonly clock: Clock;
  readonly rules: Pick<RuleStore, "held" | "write">;
  readonly paths: Paths;
  readonly log: (fault: unknown) => void;
  /** Hosts that are allowed until the host ends, each with its port. */
  readonly allowed: Set<string>;
}

/** The command that wants to reach a host. */
export interface ReachingCommand {
  readonly turnId: string;
  readonly itemId: string;
  readonly command: string;
  readonly cwd: string;
  /** Of the turn that started it. */
  readonly stop: AbortController;
}

export interface CommandFilter extends HostFilter {
  /** For the model, whose programs often say no more than that it failed: what was not reached, and what the user said about it. */
  refusals(): readonly string[];
  /** The command has ended: its questions are withdrawn. */
  close(): void;
}

interface HostAnswer {
  readonly allowed: boolean;
  /** The user's words for the model. */
  readonly feedback?: string | undefined;
}

/** Which hosts the commands of a thread reach: the rules first, then the settings, then what the user says now. */
export class HostGate {
  readonly #thread: GateThread;
  readonly #deps: GateDeps;
  /** One question after the other: a surface shows one for each command. */
  #asked: Promise<unknown> = Promise.resolve();

  constructor(thread: GateThread, deps: GateDeps) {
    this.#thread = thread;
    this.#deps = deps;
  }

  /** What the user says about a host holds until the command has ended, unless they say for how long; the same host and port is asked about once. */
  filterFor(command: ReachingCommand): CommandFilter {
    const ended = new AbortController();
    const answers = new Map<string, Promise<HostAnswer>>();
    const refused = new Map<string, string>();
    const decide = async (target: NetworkTarget): Promise<HostAnswer> => {
      const settled = await this.#settled(target);
      if (settled !== undefined) return { allowed: settled };
      const key = keyOf(target);
      const known = answers.get(key);
      if (known) return known;
      const answer = this.#ask(target, command, ended.signal).catch((error: unknown) => {
        answers.delete(key);
        if (!(error instanceof AgentError && error.code === "aborted")) this.#deps.log(error);
        return { allowed: false };
      });
      answers.set(key, answer);
      return answer;
    };
    return {
      allows: async (target) => {
        const answer = await decide(target);
        if (!answer.allowed) refused.set(placeOf(target), answer.feedback?.trim() ?? "");
        return answer.allowed;
      },
      refusals: () => [...refused].map(([place, words]) => (words ? `${place} (the user said: ${words})` : place)),
      close: () => ended.abort(),
    };
  }

  /** What is known without asking. */
  async #settled(target: NetworkTarget): Promise<boolean | undefined> {
    const { sandboxPolicy, approvalPolicy } = this.#thread.permissions;
    const place = { paths: this.#deps.paths, threadCwd: this.#thread.record.view.thread.cwd };
    const known = settledHost(target, { rules: await this.#deps.rules.held(), place, sandboxPolicy });
    if (known === "allow" || known === "deny") return known === "allow";
    if (known === "none" && this.#deps.allowed.has(keyOf(target))) return true;
    return approvalPolicy === "never" ? false : undefined;
  }

  async #ask(target: NetworkTarget, command: ReachingCommand, ended: AbortSignal): Promise<HostAnswer> {
    const before = this.#asked;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#asked = promise;
    try {
      await before;
      // Another command may have been answered about this host meanwhile.
      const settled = await this.#settled(target);
      return settled === undefined ? await this.#question(target, command, ended) : { allowed: settled };
    } finally {
      resolve();
    }
  }

  async #question(target: NetworkTarget, command: ReachingCommand, ended: AbortSignal): Promise<HostAnswer> {
    const { host, protocol, port } = target;
    const isUsual = port === (protocol === "https" ? 443 : 80);
    const { clients, clock } = this.#deps;
    const { turnId, itemId, cwd, stop } = command;
    // A stop withdraws the questions of its turn; those that come later are of a command that was left running on purpose.
    const signal = stop.signal.aborted ? ended : AbortSignal.any([ended, stop.signal]);
    const { complete } = await this.#deps.rules.held();
    const actions = complete ? (["allow", "deny"] as const) : [];
    const proposed = actions.map((action) => ({ host: ruledHost(target), action }));
    const always = proposed.map((amendment) => ({
      applyNetworkPolicyAmendment: { network_policy_amendment: amendment },
    }));
    const params: ServerRequestParams<"item/commandExecution/requestApproval"> = {
      threadId: this.#thread.id,
      turnId,
      itemId,
      startedAtMs: clock.now(),
      kind: "command",
      command: command.command,
      cwd,
      reason: `The command wants to reach ${placeOf(target)}.${complete ? "" : ` ${RULES_UNKNOWN}`}`,
      commandActions: [{ type: "unknown", command: command.command }],
      networkApprovalContext: { host, protocol, ...(isUsual ? {} : { port }) },
      proposedNetworkPolicyAmendments: proposed,
      availableDecisions: ["accept", "acceptForSession", ...always, "decline", "cancel"],
    };
    const answer = await this.#thread.waiting.during(() =>
      clients.ask("item/commandExecution/requestApproval", params, signal),
    );
    return { allowed: await this.#follow(answer, target, command), feedback: answer?.feedback };
  }

  async #follow(
    answer: CommandApprovalAnswer | undefined,
    target: NetworkTarget,
    { cwd, stop }: ReachingCommand,
  ): Promise<boolean> {
    if (!answer) return false;
    const { decision, ruleScope } = answer;
    if (decision === "cancel") stop.abort();
    if (decision === "acceptForSession") this.#deps.allowed.add(keyOf(target));
    if (typeof decision === "string") return decision === "accept" || decision === "acceptForSession";
    if (!("applyNetworkPolicyAmendment" in decision)) return false;
    const { host, action } = decision.applyNetworkPolicyAmendment.network_policy_amendment;
    if (host !== ruledHost(target)) return false;
    const workspace =
      ruleScope === "workspace"
        ? rootAround(cwd, this.#thread.permissions.workspaceRoots, this.#deps.paths)
        : undefined;
    const subject = { kind: "host", host } as const;
    const rule = { subject, decision: action, ...(workspace ? { workspace } : {}) };
    await this.#deps.rules.write(rule).catch((error: unknown) => this.#notSaved(host, error));
    return action === "allow";
  }

  #notSaved(host: string, error: unknown): void {
    const message = `The rule for ${host} could not be saved, so it holds for this command only: ${toAgentError(error).message}`;
    this.#deps.clients.notify({ method: "warning", params: { threadId: this.#thread.id, message } });
  }
}

/** What the user is asked about: another port is another server. */
function keyOf({ host, port }: NetworkTarget): string {
  return withPort(host, port);
}

/** As a rule has it: a name alone is for the usual ports. */
function ruledHost({ host, port }: NetworkTarget): string {
  return isUsualPort(port) ? host : withPort(host, port);
}

/** With its port, unless that is the usual one. */
function placeOf({ host, port, protocol }: NetworkTarget): string {
  return port === (protocol === "http" ? 80 : 443) ? host : `${host} (port ${port})`;
}
