import { spawn } from "node:child_process";
import { AgentError, throwIfAborted } from "../../protocol/errors.ts";
import { programEnvironment } from "./environment.ts";
import { systemCode } from "./errors.ts";

/** The program is not there or cannot be run: the caller may have another way. */
export class ProgramMissing extends Error {}

export interface PieceRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The byte that ends a piece of output. */
  readonly end: number;
  readonly signal: AbortSignal;
}

export interface PieceResult {
  /** Null when the listener stopped it. */
  readonly code: number | null;
  /** The beginning of what it wrote to standard error. */
  readonly errors: string;
}

/** Runs a program of our own and hands over its output piece by piece, until it ends or the listener says "stop". */
export function runForPieces(run: PieceRun, listener: (piece: Buffer) => "continue" | "stop"): Promise<PieceResult> {
  throwIfAborted(run.signal);
  const { promise, resolve, reject } = Promise.withResolvers<PieceResult>();
  const child = spawn(run.program, run.args, {
    cwd: run.cwd,
    env: programEnvironment(process.env),
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const split = createSplitter(run.end);
  let errors = "";
  let stopped = false;
  const stop = () => {
    stopped = true;
    child.stdout.removeAllListeners("data").destroy();
    child.kill("SIGKILL");
  };
  run.signal.addEventListener("abort", stop, { once: true });
  child.stdout.on("data", (chunk: Buffer) => {
    try {
      if (split(chunk).some((piece) => listener(piece) === "stop")) stop();
    } catch (error) {
      stop();
      reject(error);
    }
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(0, 4000);
  });
  child.on("error", (error) => reject(startFailure(error, run.program)));
  child.on("close", (code) => {
    if (run.signal.aborted) reject(new AgentError("aborted", "It was stopped."));
    if (code === null && !stopped)
      reject(new AgentError("internal", `${run.program} was killed by something else. Retry.`));
    resolve({ code, errors });
  });
  return promise.finally(() => run.signal.removeEventListener("abort", stop));
}

function startFailure(error: Error, program: string): Error {
  const code = systemCode(error);
  if (code === "ENOENT" || code === "EACCES" || code === "ENOEXEC") return new ProgramMissing(error.message);
  return new AgentError("internal", `${program} cannot be started: ${error.message}.`, { cause: error });
}

/** Cuts chunks into the pieces between end bytes, in time linear in their size however long a piece is. */
function createSplitter(end: number): (chunk: Buffer) => Buffer[] {
  let begun: Buffer[] = [];
  return (chunk) => {
    const pieces: Buffer[] = [];
    let from = 0;
    for (let at = chunk.indexOf(end); at !== -1; at = chunk.indexOf(end, from)) {
      pieces.push(Buffer.concat([...begun, chunk.subarray(from, at)]));
      begun = [];
      from = at + 1;
    }
    if (from < chunk.length) begun.push(chunk.subarray(from));
    return pieces;
  };
}
