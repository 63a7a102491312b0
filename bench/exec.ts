import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { type BenchServer, type Exchange, startBenchServer } from "./server.ts";

/** `patchwright exec` against a scripted model: what one step costs, and whether it costs more the longer the thread is. */
const program = path.resolve(import.meta.dirname, "../bin/patchwright.mjs");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "patchwright-bench-"));
const [cwd, home, usageFile] = ["project", "home", "usage.json"].map((name) => path.join(folder, name)) as [
  string,
  string,
  string,
];
const STARTS = 15;

interface Usage {
  readonly cpuMs: number;
  readonly rssMb: number;
}

async function runExec(server: BenchServer, node: readonly string[]): Promise<number> {
  const env = {
    ...process.env,
    PATCHWRIGHT_HOME: home,
    OPENAI_API_KEY: "bench",
    OPENAI_BASE_URL: server.baseUrl,
    BENCH_USAGE: usageFile,
  };
  const args = ["exec", "--json", "--model", "gpt-5.4", "--sandbox", "danger-full-access", "Go on."];
  const startedAt = performance.now();
  // The shell tells what it and all that it waited for used: the measured process with its commands.
  const child = spawn("bash", ["-c", '"$@" > /dev/null; times', "bash", process.execPath, ...node, program, ...args], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let times = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    times += text;
  });
  await once(child, "close");
  treeCpuMs = cpuOf(times);
  return startedAt;
}

let treeCpuMs = 0;

/** The second line of `times`: user and system time of what was waited for, such as "0m1.234s 0m0.456s". */
function cpuOf(times: string): number {
  const [, children = ""] = times.split("\n");
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (ms, [, m, s]) => ms + Number(m) * 60_000 + Number(s) * 1000,
    0,
  );
}

async function measureSteps(server: BenchServer, steps: number): Promise<void> {
  const exchanges = server.play(steps);
  await runExec(server, ["--import", path.join(import.meta.dirname, "usage.mjs")]);
  const { cpuMs, rssMb } = JSON.parse(fs.readFileSync(usageFile, "utf8")) as Usage;
  const gaps = gapsOf(exchanges);
  const [first, last] = [median(gaps.slice(0, 10)), median(gaps.slice(-10))];
  print(`exec ${steps}`, {
    gapMs: { median: median(gaps), p95: quantile(gaps, 0.95), firstTen: first, lastTen: last, growth: last / first },
    cpuMs,
    rssMb,
    treeCpuMs,
    bytesSent: exchanges.reduce((sum, { bytes }) => sum + bytes, 0),
    prefixContinued: exchanges.filter(({ continues }) => continues).length / exchanges.length,
  });
  used.push({ steps, cpuMs, treeCpuMs });
}

const used: { steps: number; cpuMs: number; treeCpuMs: number }[] = [];

/** What one more step costs: the difference of the longest and the shortest run. */
function printStepCost(): void {
  const [short, long] = [used[0]!, used.at(-1)!];
  const per = (key: "cpuMs" | "treeCpuMs") => (long[key] - short[key]) / (long.steps - short.steps);
  print("exec step", { cpuMs: per("cpuMs"), treeCpuMs: per("treeCpuMs") });
}

async function measureStart(server: BenchServer): Promise<void> {
  const starts: number[] = [];
  for (let at = 0; at < STARTS; at++) {
    const exchanges = server.play(0);
    const startedAt = await runExec(server, []);
    starts.push(exchanges[0]!.arrivedAt - startedAt);
  }
  print("exec start", {
    toFirstRequestMs: { median: median(starts), p95: quantile(starts, 0.95), fastest: Math.min(...starts) },
  });
}

/** What a command costs at the least, in a shell that reads the user's profile as the agent's does, and in one that does not. */
async function measureShell(flag: string): Promise<void> {
  const times: number[] = [];
  for (let at = 0; at < 50; at++) {
    const began = performance.now();
    await once(spawn("bash", [flag, "true"], { cwd, stdio: "ignore" }), "close");
    times.push(performance.now() - began);
  }
  print(`bash ${flag}`, { median: median(times), p95: quantile(times, 0.95) });
}

/** From the end of an answer to the next request. */
function gapsOf(exchanges: readonly Exchange[]): number[] {
  return exchanges.slice(1).map(({ arrivedAt }, at) => arrivedAt - exchanges[at]!.answeredAt);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function print(benchmark: string, found: object): void {
  const rounded = (_key: string, value: unknown) => (typeof value === "number" ? Math.round(value * 100) / 100 : value);
  console.log(JSON.stringify({ benchmark, ...found }, rounded));
}

fs.mkdirSync(path.join(cwd, ".git"), { recursive: true });
fs.mkdirSync(home);
const server = await startBenchServer("true");
try {
  await measureShell("-c");
  await measureShell("-lc");
  await measureStart(server);
  for (const steps of [1, 20, 200]) await measureSteps(server, steps);
  printStepCost();
} finally {
  server.close();
  fs.rmSync(folder, { recursive: true, force: true });
}
