import { homedir } from "node:os";
import process from "node:process";
import { isTrusted } from "../core/policy/isTrusted.ts";
import { pathsOf } from "../core/policy/paths.ts";
import type { Host } from "../host/host.ts";
import { createNodeStorage } from "../host/node/storage.ts";
import { AgentError } from "../protocol/errors.ts";
import type { Decliner, UserInput } from "../protocol/items.ts";
import type { ServerNotification } from "../protocol/methods.ts";
import type { SandboxMode } from "../protocol/settings.ts";
import type { Turn } from "../protocol/threads.ts";
import { type Client, connectClient, errorCodeOf } from "../rpc/client.ts";
import { RpcError, rpcErrorCodes } from "../rpc/connection.ts";
import { memoryTransports } from "../rpc/memory.ts";
import type { AppServer } from "../server/appServer.ts";
import { type ExecArgs, execUsage, parseExecArgs } from "./execArgs.ts";
import { folderOf, pictures, readSchema, repositoryOf } from "./execInput.ts";
import { whyDeclined } from "./execNotes.ts";
import { type ExecReport, jsonReport, textReport } from "./execReport.ts";
import { createLocalHost } from "./localHost.ts";
import { LocalKey } from "./localKey.ts";
import { createLocalServer } from "./localServer.ts";
import { logFault, say } from "./log.ts";
import { readPrompt } from "./prompt.ts";
import { sandboxLine } from "./sandboxLine.ts";
import { type LocalSettings, readSettings } from "./settings.ts";
import { onStopSignal } from "./signals.ts";
import { flushed } from "./stdio.ts";
import { listThreads } from "./threads.ts";
import { version } from "./version.ts";

/** Runs one turn. Resolves with the exit code when every process that it started has ended. */
export async function runExec(argv: readonly string[]): Promise<number> {
  const args = parseExecArgs(argv);
  if (args.help) {
    process.stdout.write(`${execUsage}\n`);
    return 0;
  }
  const task = await readTask(args);
  if (!args.skipGitRepoCheck && !(await repositoryOf(task.cwd))) {
    say(
      `${task.cwd} is not in a git repository, where changes are easily undone. To work there all the same: --skip-git-repo-check.`,
    );
    return 1;
  }
  const text = await readPrompt({ prompt: args.prompt, say });
  const input: UserInput[] = [...task.pictures, { type: "text", text }];
  for (const warning of task.settings.warnings) say(warning);
  return runTurn({ ...task, args, input });
}

interface Task {
  readonly cwd: string;
  readonly addedFolders: readonly string[];
  readonly settings: LocalSettings;
  readonly pictures: readonly UserInput[];
  readonly outputSchema: Record<string, unknown> | undefined;
}

/** What the arguments name, looked up. Throws UsageError. */
async function readTask(args: ExecArgs): Promise<Task> {
  const { env } = process;
  return {
    cwd: await folderOf("--cd", args.cd ?? process.cwd()),
    addedFolders: await Promise.all(args.addDirs.map((folder) => folderOf("--add-dir", folder))),
    settings: await readSettings({ environment: env, userHome: homedir(), overrides: args.config, attended: false }),
    pictures: await pictures(args.images),
    outputSchema: args.outputSchema === undefined ? undefined : await readSchema(args.outputSchema),
  };
}

interface Run extends Task {
  readonly args: ExecArgs;
  readonly input: readonly UserInput[];
}

async function runTurn(run: Run): Promise<number> {
  const { settings, cwd, addedFolders, args } = run;
  const host = createLocalHost({
    home: settings.home,
    cwd,
    addedFolders,
    passed: settings.commandEnvironment,
    program: "patchwright exec",
    onWarning: say,
  });
  const key = new LocalKey({ home: settings.home, environment: process.env, onWarning: say });
  const server = createLocalServer({ host, settings, key, source: "exec", log: logFault });
  const report = args.json ? jsonReport() : textReport();
  say(sandboxLine(await host.sandbox.ready, sandboxOf(run)));
  const stop = new AbortController();
  onStopSignal(() => stop.abort());
  process.stdout.on("error", () => stop.abort());
  let ending: Promise<unknown> | undefined;
  // The call that runs, what was left in the background and what commands left behind are ended together, not one after another.
  const end = () => {
    ending ??= Promise.all([server.dispose(), host.endProcesses()]);
    return ending;
  };
  try {
    const turn = await converse(run, { host, server, report, end, signal: stop.signal });
    await end();
    if (turn) report.turnEnded(turn);
    return turn?.status === "completed" ? 0 : 1;
  } finally {
    await end();
    await host.dispose();
    await flushed();
  }
}

interface Place {
  readonly host: Host;
  readonly server: AppServer;
  readonly report: ExecReport;
  /** Ends the turn and every command. */
  end(): Promise<unknown>;
  readonly signal: AbortSignal;
}

/** The turn as it ended; undefined when it did not even begin, which the user has been told. */
async function converse(run: Run, { host, server, report, end, signal }: Place): Promise<Turn | undefined> {
  const { promise: ended, resolve: finish } = Promise.withResolvers<Turn>();
  const { approvalPolicy } = run.settings.agent;
  const noted = new Set<string>();
  const noteDeclined = (by: Decliner) => {
    const note = whyDeclined(by, { policy: approvalPolicy, mode: sandboxOf(run), sandbox: host.sandbox.state });
    if (!noted.has(note)) report.note(note);
    noted.add(note);
  };
  const client = await connect(server, (notification) => {
    report.hear(notification);
    if (notification.method === "turn/completed") finish(notification.params.turn);
    const by = declinerIn(notification);
    if (by) noteDeclined(by);
  });
  const opened = await openThread(client, run).catch(sayWhy);
  if (opened === undefined) return undefined;
  const { threadId } = opened;
  report.threadStarted(threadId);
  if (!isTrusted(run.settings.agent, opened.cwd, pathsOf(host.platform))) noteDeclined({ kind: "restrictedMode" });
  if (signal.aborted) return undefined;
  const started = client.request("turn/start", { threadId, input: [...run.input], ...turnOptions(run) });
  const turn = await started.then(({ turn }) => turn, failedStart(report));
  if (!turn) return undefined;
  const interrupt = () => void end();
  if (signal.aborted) interrupt();
  signal.addEventListener("abort", interrupt);
  return ended;
}

async function connect(server: AppServer, onNotification: (notification: ServerNotification) => void): Promise<Client> {
  const [near, far] = memoryTransports();
  server.connect(far);
  const client = connectClient(near, {
    onNotification,
    // Nobody is there to be asked; the server knows what that means.
    onServerRequest: () => Promise.reject(new RpcError(rpcErrorCodes.methodNotFound, "Nobody is there to answer.")),
  });
  const clientInfo = { name: "patchwright_exec", title: null, version };
  await client.request("initialize", { clientInfo, capabilities: null });
  await client.notify("initialized");
  return client;
}

/** A thread that is resumed keeps its folder and its effort, unless they are named. */
function turnOptions({ args, cwd, settings, outputSchema }: Run) {
  const { effort } = settings.agent;
  return {
    ...(outputSchema ? { outputSchema } : {}),
    ...(args.resume && args.cd ? { cwd } : {}),
    ...(args.resume && effort ? { effort } : {}),
  };
}

function sandboxOf({ args, settings }: Run): SandboxMode {
  return args.sandbox ?? settings.agent.sandboxMode;
}

interface Opened {
  readonly threadId: string;
  /** Where the turn works. */
  readonly cwd: string;
}

async function openThread(client: Client, run: Run): Promise<Opened> {
  const { args, cwd, settings } = run;
  const { approvalPolicy } = settings.agent;
  const options = { approvalPolicy, sandbox: sandboxOf(run), ...(args.model ? { model: args.model } : {}) };
  if (args.resume === undefined) {
    const threadSource = args.threadSource ?? null;
    return { threadId: (await client.request("thread/start", { ...options, cwd, threadSource })).thread.id, cwd };
  }
  const threadId = args.resume === "last" ? await lastThread(run) : args.resume.id;
  const method = args.fork ? "thread/fork" : "thread/resume";
  const opened = await client.request(method, { ...options, threadId }).catch((error: unknown) => {
    throw cannotOpen(threadId, error);
  });
  if (args.cd === undefined && opened.cwd !== cwd) say(`The thread goes on in its own folder, ${opened.cwd}.`);
  return { threadId: opened.thread.id, cwd: args.cd === undefined ? opened.cwd : cwd };
}

function cannotOpen(threadId: string, error: unknown): unknown {
  const code = errorCodeOf(error);
  if (code === "notFound")
    return new AgentError("notFound", `There is no thread ${threadId}. "patchwright threads --all" lists all.`);
  if (code !== "conflict" || !(error instanceof Error)) return error;
  const copy = `"patchwright exec resume --fork ${threadId}" goes on with a copy.`;
  return new AgentError("conflict", `${error.message} ${copy}`, { cause: error });
}

async function lastThread({ settings, cwd }: Run): Promise<string> {
  const [last] = await listThreads(createNodeStorage(settings.home), { version, cwd });
  if (!last) throw new AgentError("notFound", `No threads are kept for ${cwd}. "patchwright threads --all" lists all.`);
  return last.id;
}

function sayWhy(error: unknown): undefined {
  say(error instanceof Error ? error.message : String(error));
}

function failedStart(report: ExecReport) {
  return (error: unknown): undefined => {
    report.failed(error instanceof Error ? error.message : String(error));
  };
}

function declinerIn({ method, params }: ServerNotification): Decliner | undefined {
  return method === "item/completed" && "declinedBy" in params.item ? params.item.declinedBy : undefined;
}
